"""`segue lint --fix`: what it writes leaves the same schema and the same rows behind, keeps nobody waiting, and is what the findings show;
what it leaves it says, and twice is as good as once."""

import json
import os
import re
import stat
import tempfile

from . import catalog, dump, lint_pages, lint_trace, oracle_lint, psql
from .promises import Ground, promise_tasks
from .report import require

_FOLDER = os.path.join(oracle_lint.FOLDER, "fix")
_NULLS = """
SELECT format('SELECT %L || count(*) || %s FROM %s', c.oid::regclass || ': ',
              string_agg(format('%L || count(%I)', ' ' || a.attname || ' ', a.attname), ' || ' ORDER BY a.attname), c.oid::regclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' GROUP BY c.oid ORDER BY c.oid::regclass::text
"""
_AT_LEAST = 20  # rules that are rewritten
_README = os.path.join(lint_pages.FOLDER, "README.md")


class _Script:
    """What is to be fixed: a rule's bad script, or a file of tests/lint/fix."""

    def __init__(self, name, before, script, arguments=(), rule=None, unchanged=False):
        self.name, self.before, self.script, self.arguments, self.rule, self.unchanged = name, before, script, arguments, rule, unchanged


def _of_rules(segue):
    for rule in lint_pages.rules(segue):
        sample = lint_pages.Sample(rule)
        if not sample.database:
            yield _Script(rule, sample.before, sample.sections["bad"] + "\n", sample.arguments, rule)


def _of_files():
    for name in sorted(os.listdir(_FOLDER)):
        with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
            parts = re.split(r"^--: (.*)\n", file.read(), flags=re.M)
        sections = dict(zip(parts[1::2], parts[2::2]))
        which = next(section for section in sections if section.startswith("script"))
        yield _Script(name[:-len(".sql")], sections.get("before", ""), sections[which], unchanged=which.endswith("unchanged"))


class _Fixed:
    """The script with what lint says of it, and after --fix."""

    def __init__(self, segue, script, server):
        arguments = (*script.arguments,) if script.rule else ("--pg-version", str(server.major))
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("before.sql", lint_pages.base() + script.before), ("script.sql", script.script)):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text + "\n" * (name == "before.sql"))
            command = ("lint", "--json", *arguments, "--schema-file", os.path.join(folder, "before.sql"), os.path.join(folder, "script.sql"))
            self.found = self._run(segue, *command)["findings"]
            self.once = self._run(segue, *command, "--fix")
            self.text = self._read(folder)
            self.twice = self._run(segue, *command, "--fix")
            self.text_of_twice = self._read(folder)

    @staticmethod
    def _run(segue, *command):
        result = segue.run(*command)
        require(result.code in (0, 1), str(result))
        return json.loads(result.out)

    @staticmethod
    def _read(folder):
        with open(os.path.join(folder, "script.sql"), encoding="utf-8") as file:
            return file.read()


def tasks(context):
    yield from promise_tasks(context, _PROMISES, _Ground)
    for server in context.servers:
        scripts = [*_of_rules(context.segue.path), *_of_files()]
        yield lambda server=server, scripts=scripts: _scripts(context, server, context.further(server, scripts, 3))


def _scripts(context, server, scripts):
    lint_pages.prepare(server)
    written = set()
    for script in scripts:
        fixed = _Fixed(context.segue.on(server, "postgres"), script, server)
        with context.report.test(f"[{server.major}] lint --fix {script.name}: what can be written is gone, and a second time nothing is"):
            _require_gone(script, fixed)
        if fixed.text == script.script:
            continue
        written |= {finding["rule"] for finding in fixed.found if "fix" in finding} if script.rule else set()
        with context.report.test(f"[{server.major}] lint --fix {script.name}: the same schema and rows"):
            _require_same(server, script, fixed.text)
        left = script.rule not in written if script.rule else any(f["level"] == "error" for f in fixed.once["findings"])
        if left or "CREATE SCHEMA" in script.before:
            continue  # some of it cannot be rewritten; a trace knows the tables of public
        with context.report.test(f"[{server.major}] lint --fix {script.name}: nobody waits for it as long as a table is large"):
            _require_harmless(server, script, fixed.text)
    if server is context.servers[0]:
        with context.report.test(f"[{server.major}] lint --fix rewrites {_AT_LEAST} rules at least"):
            require(len(written) >= _AT_LEAST, f"{sorted(written)}")
            _require_reasons(context.segue.path, written)
        context.report.note(f"lint --fix on {server.major} rewrites {len(written)} rules: {', '.join(sorted(written))}")


def _require_reasons(segue, written):
    """Each rule whose findings are errors is rewritten, or docs/lint/README.md says why not; nothing is in both."""
    with open(_README, encoding="utf-8") as file:
        table = re.search(r"\| rule \| why none \|\n(.*?)\n\n", file.read(), re.S)[1]
    reasons = {rule for line in table.splitlines() for rule in re.findall(r"`([a-z-]+)`", line.split("|")[1])}
    errors = {rule for rule, told in lint_pages.rules(segue).items() if told[0] == "error"}
    require(errors <= reasons | written, f"neither rewritten nor explained: {sorted(errors - reasons - written)}")
    require(not reasons & written, f"rewritten after all: {sorted(reasons & written)}")


def _require_gone(script, fixed):
    left = [finding for finding in fixed.once["findings"] if "fix" in finding]
    require(not left, f"still to be fixed: {left}\n{fixed.text}")
    require(fixed.text_of_twice == fixed.text and fixed.twice["fixed"] == 0, f"once:\n{fixed.text}\ntwice:\n{fixed.text_of_twice}")
    require((fixed.once["fixed"] > 0) == (fixed.text != script.script), f"{fixed.once['fixed']} fixed\n{fixed.text}")
    require(script.unchanged == (fixed.text == script.script) or script.rule, f"written:\n{fixed.text}")
    if script.rule and any("fix" in finding for finding in fixed.found if finding["rule"] == script.rule):
        still = [finding for finding in fixed.once["findings"] if finding["rule"] == script.rule]
        require(not still, f"still there: {still}\n{fixed.text}")


def _prepared(server, script):
    database = server.create("fix")
    with server.connect(database) as session:
        for statement in lint_trace.statements(lint_pages.base() + script.before):
            session.execute(statement)
    return database


def _found(server, script, text):
    """(schema, how many rows and values there are) after psql has run the text."""
    database = _prepared(server, script)
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            psql.run_file(server, database, file.name)
        with server.connect(database) as session:
            counts = [session.value(query) for query in session.column(_NULLS)]
            schema = dump.schema_dump(server, database) if dump.program_for(server) else catalog.lines(session)
        return schema, counts
    finally:
        server.drop(database)


def _require_same(server, script, text):
    try:
        wanted_schema, wanted_counts = _found(server, script, script.script)
    except RuntimeError:  # the bad script fails by itself: there is nothing to be the same as
        return
    schema, counts = _found(server, script, text)
    wanted_schema, schema = sorted(map(str, wanted_schema)), sorted(map(str, schema))
    require(schema == wanted_schema, f"{text}\ndiffers: {sorted(set(wanted_schema) ^ set(schema))}")
    require(counts == wanted_counts, f"{text}\nwanted {wanted_counts}\nfound {counts}")


def _require_harmless(server, script, text):
    database = _prepared(server, script)
    try:
        plain = "".join(line for line in text.splitlines(True) if not line.startswith("\\"))
        effects = lint_trace.Trace(server, database).run(plain)
    finally:
        server.drop(database)
    for effect in effects:
        require(not effect.error, f"{effect.statement}: {effect.error}")
        require(not effect.stands_still(), f"{effect.statement}: {effect.stands_still()} stand still\n{text}")


class _Ground(Ground):
    """A file that can be fixed."""

    bad = "CREATE INDEX a ON orders (code);\n"
    good = "CREATE INDEX CONCURRENTLY a ON orders (code);\n"

    def lint(self, *arguments):
        return self.context.segue.on(self.server, "postgres").run("lint", *arguments)

    def content(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()


def _mode_stays(ground):
    """lint --fix: the file keeps its mode, nothing is left beside it, and what remains is told"""
    path = ground.file("mode", ground.bad)
    os.chmod(path, 0o640)
    result = ground.lint("--fix", path)
    require(result.code == 0 and "1 fixed" in result.out, str(result))
    require(ground.content(path) == ground.good and stat.S_IMODE(os.stat(path).st_mode) == 0o640, ground.content(path))
    require([name for name in os.listdir(os.path.dirname(path)) if name.startswith("mode.sql")] == ["mode.sql"], "something is left")


def _link_stays(ground):
    """lint --fix: a symbolic link stays one, and the file that it points to is written"""
    path = ground.file("pointed_to", ground.bad)
    link = os.path.join(os.path.dirname(path), "link.sql")
    os.symlink(path, link)
    require(ground.lint("--fix", link).code == 0, "exit")
    require(os.path.islink(link) and ground.content(path) == ground.good, ground.content(path))


def _not_there(ground):
    """lint --fix: what is not there is not written, and the error says so"""
    result = ground.lint("--fix", os.path.join(ground.server.folder, "not_there.sql"))
    require(result.code == 2 and "not_there.sql" in result.err, str(result))


def _diff_writes_nothing(ground):
    """lint --diff: prints what would be written as patch takes it, and writes nothing"""
    path = ground.file("diff", "-- one\n" * 10 + ground.bad + "-- two\n" * 10 + "SELECT 1")
    before = ground.content(path)
    result = ground.lint("--diff", path)
    require(result.code == 1 and ground.content(path) == before, str(result))
    require("-CREATE INDEX a" in result.out and "+CREATE INDEX CONCURRENTLY a" in result.out and "@@ -8,7 +8,7 @@" in result.out, str(result))
    require(ground.lint("--fix", path).code == 0 and ground.lint("--diff", path).out == "", "there is still a difference")


def _standard_input(ground):
    """lint --fix --stdin: prints the file as it is then, and nothing else"""
    path = ground.file("stdin", ground.bad)
    command = f"'{ground.context.segue.path}' lint --fix --stdin <'{path}'"
    with os.popen(command) as out:
        require(out.read() == ground.good, "not the file")


def _sarif(ground):
    """lint --format sarif: its fixes, made by what they say, are what --fix writes"""
    path = ground.file("sarif", "-- é\n/* é */ CREATE INDEX a ON orders (code);\n")
    result = json.loads(ground.lint("--format", "sarif", path).out)
    fixes = [fix for found in result["runs"][0]["results"] if found["ruleId"] == "create-index" for fix in found["fixes"]]
    require(len(fixes) == 1, f"{fixes}")
    lines = ground.content(path).splitlines(True)
    for replacement in reversed(fixes[0]["artifactChanges"][0]["replacements"]):
        region = replacement["deletedRegion"]
        require(region["startLine"] == region["endLine"], f"{region}")
        line = lines[region["startLine"] - 1]
        lines[region["startLine"] - 1] = line[:region["startColumn"] - 1] + replacement["insertedContent"]["text"] + line[region["endColumn"] - 1:]
    ground.lint("--fix", path)
    require("".join(lines) == ground.content(path), f"{lines}\n{ground.content(path)}")


def _several_files(ground):
    """lint --fix: a file is fixed with what those before it have made in mind"""
    first = ground.file("several_1", "CREATE TABLE of_the_first (a integer, b integer) PARTITION BY LIST (a);\n")
    second = ground.file("several_2", "SET lock_timeout = '1s';\nCREATE INDEX i ON of_the_first (b);\nCREATE INDEX k ON other (b);\n")
    require(ground.lint("--fix", first, second).code == 1, "exit")
    text = ground.content(second)
    require("CREATE INDEX i ON" in text and "CREATE INDEX CONCURRENTLY k ON" in text, text)


def _unknown_tables(ground):
    """lint --fix: of tables that nobody has told of, only what need not be known is written"""
    path = ground.file("unknown", "SET lock_timeout = '1s';\nALTER TABLE t ALTER COLUMN a SET NOT NULL;\nALTER TABLE t ADD PRIMARY KEY (a);\n"
                       "ALTER TABLE t ADD CHECK (a > 0);\n")
    ground.lint("--fix", path)
    text = ground.content(path)
    require("SET NOT NULL;\nALTER TABLE t ADD PRIMARY KEY (a);\n" in text and "ADD CONSTRAINT t_a_check CHECK (a > 0) NOT VALID" in text, text)


_PROMISES = [_mode_stays, _link_stays, _not_there, _diff_writes_nothing, _standard_input, _sarif, _several_files, _unknown_tables]
