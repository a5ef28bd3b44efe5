"""segue export --idempotent: on every scenario that can be exported, the script gives what psql makes of the file: on the old schema,
once and twice; on one on which a part of the file has been run; and on the rows, filled as the file declares. Without --drops it gives
at least what is new. What cannot be exported is refused with its place, and docs/limits.md lists it."""

import collections
import os
import re
import time

from . import compare, dump, messages, program, psql, scenario
from .oracle_data import require_declared_data
from .report import require

_ELSEWHERE = 8  # one in so many on the servers after the first
_OF_A_PART = 4
_REFUSED = "cannot be exported: "
FOLDER = os.path.join(scenario.TESTS, "export")
_BEGUN = []


def tasks(context):
    for server in context.servers:
        for number, one in context.chosen(server, _ELSEWHERE):
            if _is_in_turn(context, number):
                yield lambda server=server, one=one: _scenario(context, server, one)
    if context in _BEGUN:  # it is asked for each portion of the scenarios
        return
    _BEGUN.append(context)
    for name in sorted(os.listdir(FOLDER)):
        yield lambda name=name: _refused(context, name)
    yield lambda: _listed(context)


def _is_in_turn(context, number):
    """Where the slow oracles take a part, a fourth of that, in turn by the days."""
    parts = context.options.part[1]
    return parts == 1 or number // parts % _OF_A_PART == int(time.time() // 86400) // parts % _OF_A_PART


def _script(context, path, *options):
    return context.segue.on(context.servers[0], "postgres").run("export", "--idempotent", *options, path)


def _scenario(context, server, one):
    stage = context.stage(server, one)
    result = _script(context, stage.migration, "--drops")
    with context.report.test(f"{stage.label()}: exported, or refused with its place"):
        if result.code == program.REFUSED:
            require(re.search(rf"{_REFUSED}.+\n.*{re.escape(os.path.basename(stage.migration))}:\d+:\d+", result.err), str(result))
            return
        require(result.code == 0, str(result))
    script = _place(stage, "whole.sql", result.out)
    with context.report.test(f"{stage.label()}: the export on the old schema is what psql makes of the file, once and twice"):
        database = _empty(stage, "_export")
        psql.run_file(server, database, script)
        _require_same(stage, database, "once")
        psql.run_file(server, database, script)
        _require_same(stage, database, "twice")
    statements = dump.split_statements(one.migration_sql)
    for count in sorted({1, len(statements) // 2, len(statements) - 1, len(statements)} - {0}):
        with context.report.test(f"{stage.label()}: the export after the first {count} of {len(statements)} statements"):
            _after_part(stage, script, statements[:count])
    with context.report.test(f"{stage.label()}: without drops the export makes what is new"):
        _additive(context, stage, script)
    with context.report.test(f"{stage.label()}: the export on the rows fills them as the file declares"):
        _on_rows(stage, script)


def _place(stage, name, text):
    path = os.path.join(stage.folder, name)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o644)
    return path


def _empty(stage, ending):
    """The old schema without rows, as the twin's."""
    database = stage.server.create(stage.scenario.name + ending, template=stage.filled())
    with stage.server.connect(database) as connection:
        tables = connection.column("SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                                   " AND relkind IN ('r', 'p')")
        if tables:
            connection.execute("TRUNCATE " + ", ".join(tables) + " CASCADE")
    return database


def _require_same(stage, database, when):
    difference = compare.difference(stage.found(database), stage.wanted())
    require(not difference, f"{when}: the schema differs:\n{difference}")


def _after_part(stage, script, statements):
    database = _empty(stage, "_part")
    path = _place(stage, "part.sql", ";\n".join(statements) + ";\n")
    psql.run_file(stage.server, database, path)
    psql.run_file(stage.server, database, script)
    _require_same(stage, database, "after a part")
    stage.server.drop(database)


def _additive(context, stage, script):
    """What the twin has and the additive database has not is only what stands on something that was to be dropped."""
    result = _script(context, stage.migration)
    require(result.code == 0, str(result))
    database = _empty(stage, "_additive")
    psql.run_file(stage.server, database, _place(stage, "additive.sql", result.out))
    psql.run_file(stage.server, database, os.path.join(stage.folder, "additive.sql"))
    if "left out, as it drops" not in result.out:
        _require_same(stage, database, "additive")
        return
    tables = _columns(stage, database)
    for table, columns in _columns(stage, stage.twin()).items():
        require(columns <= tables.get(table, set()), f"{table} lacks {columns - tables.get(table, set())}")
    for table, columns in _columns(stage, stage.filled()).items():
        require(columns <= tables.get(table, columns) or _renamed(stage), f"{table} has lost {columns - tables[table]}")
    new = _names(stage, stage.twin()) - _names(stage, stage.filled()) - _names(stage, database)
    require(not new, f"{new} were not made")
    psql.run_file(stage.server, database, script)
    _require_same(stage, database, "the drops afterwards")


def _renamed(stage):
    return re.search(r"\bRENAME\b", stage.scenario.migration_sql, re.I)


def _names(stage, database):
    """Of all that has a name, but for primary keys: a table keeps its old one while that is left."""
    with stage.server.connect(database) as connection:
        return set(connection.column("""
            SELECT 'index ' || c.relname FROM pg_class c JOIN pg_index x ON x.indexrelid = c.oid
            WHERE c.relnamespace = 'public'::regnamespace AND NOT x.indisprimary
            UNION ALL SELECT 'relation ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
            UNION ALL SELECT 'constraint ' || conname FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND contype NOT IN ('p', 'n')
            UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typname NOT LIKE E'\\\\_%'
            UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal"""))


def _columns(stage, database):
    tables = collections.defaultdict(set)
    with stage.server.connect(database) as connection:
        for row in connection.dicts("SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                                    " AND NOT a.attisdropped WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"):
            tables[row["relname"]].add(row["attname"])
    return tables


def _on_rows(stage, script):
    database = stage.server.create(stage.scenario.name + "_exported", template=stage.filled())
    psql.run_file(stage.server, database, script)
    require_declared_data(stage, database)


def _refused(context, name):
    """A file of tests/export/ is refused with the words that it expects."""
    path = os.path.join(FOLDER, name)
    with open(path) as file:
        text = file.read()
    with context.report.test(f"not exported, with its reason: {name[:-4]}"):
        result = _script(context, path, "--drops")
        require(result.code == program.REFUSED and f"{name}:" in result.err, str(result))
        folded = " ".join(result.err.split())
        for wish in re.findall(r"^-- expect: (.*)$", text, re.M):
            require(wish in folded, f"it does not say: {wish}\n{result}")


def _listed(context):
    """Every reason of the source is shown by a file of tests/export/ and stands in docs/limits.md."""
    reasons = set()
    folder = os.path.join(os.path.dirname(scenario.TESTS), "src", "postgres", "export")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name)) as file:
            text = file.read()
        for call in re.finditer(r"(?:export_refuse\(|ERROR_REFUSED, \"cannot be exported: )", text):
            words = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text[call.start():text.index(";", call.start())]))
            words = words.replace("cannot be exported: ", "").replace('\\"', '"')
            if words and words != "%s":
                reasons.add(words)
    shown = []
    for name in os.listdir(FOLDER):
        shown.append(" ".join(_script(context, os.path.join(FOLDER, name), "--drops").err.split()))
    listed = list(messages.in_limits())
    for words in sorted(reasons):
        pattern = re.compile(re.sub(r"%s", ".+?", re.escape(words).replace("%s", ".+?")))
        with context.report.test(f"a file of tests/export/ shows, and docs/limits.md lists: {words}"):
            said = [text for text in shown if pattern.search(text)]
            require(said, "no file does")
            message = _REFUSED + pattern.search(said[0])[0]
            require(any(one.search(message.replace('"', "")) for one in listed), f"docs/limits.md does not list {message}")
