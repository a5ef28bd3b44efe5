"""`segue lint --url`: the schema that it reads is the one that was measured; what it says will fail is what fails; it only reads, waits
for nobody, and says what it may not see."""

import json
import os
import re
import tempfile
import time

from . import lint_trace, oracle_lint, pq, program, scenario
from .promises import Ground, promise_tasks
from .report import require

_FILE = os.path.join(oracle_lint.FOLDER, "database.sql")
_PRIVILEGES = os.path.join(os.path.dirname(scenario.TESTS), "docs", "privileges.md")
_WHY_FAILS = {"rows-in-the-way", "dependants", "add-column-not-null", "not-there", "name-taken"}
_DUPLICATE_OBJECT, _SYNTAX_ERROR = "42710", "42601"
_SECONDS = 15  # that lint may take beside a table that somebody keeps locked


def _lint(session, script, *arguments):
    """What lint says of the script with that session's database at hand."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "script.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(script + ";\n")
        result = session.run("lint", "--json", "--effects", "--url", session.url, *arguments, path)
    require(result.code in (0, 1), str(result))
    return json.loads(result.out)


def tasks(context):
    yield from promise_tasks(context, _PROMISES, _Ground)
    for server in context.servers:
        yield lambda server=server: _as_measured(context, server)
        yield lambda server=server: _truth(context, server)


def _as_measured(context, server):
    """Each statement of the measurement, with the database in the place of --schema-file."""
    rows = [row for row in oracle_lint.measured() if row.major == server.major and not row.error]
    setups = sorted({row.setup for row in rows})
    agreed, part = 0, context.in_turn(server, setups, 4)
    for setup in part:
        database = server.create("weigh")
        try:
            if not _make(server, database, lint_trace.statements(oracle_lint.base()) + lint_trace.statements(setup)):
                continue
            for row in (row for row in rows if row.setup == setup):
                wrong = oracle_lint.compare(row, _lint(context.segue.on(server, database), row.statement))
                agreed += wrong is None
                with context.report.test(f"[{server.major}] lint --url {row.name}: locks, rewrites and scans as measured"):
                    require(wrong is None, f"{setup}\n{row.statement}\n{wrong}")
        finally:
            server.drop(database)
    context.report.note(f"lint --url on {server.major}: {agreed} statements agree with the server")


def _make(server, database, statements):
    """Whether the server knows all forms; roles belong to the whole server, and may be there already."""
    with server.connect(database) as session:
        for statement in statements:
            try:
                session.execute(statement)
            except pq.DatabaseError as error:
                if error.sqlstate == _SYNTAX_ERROR:
                    return False
                if error.sqlstate != _DUPLICATE_OBJECT:
                    raise
    return True


def _prepared(server):
    with open(_FILE, encoding="utf-8") as file:
        base, statements = file.read().split("-- statements:\n")
    database = server.create("weigh")
    with server.connect(database) as session:
        session.execute(base)
    return database, [line for line in statements.splitlines() if line]


def _fails(server, database, statement):
    """The server's message, or None; nothing stays."""
    with server.connect(database) as session:
        session.execute("BEGIN")
        try:
            session.execute(statement)
        except pq.DatabaseError as error:
            return str(error)
        finally:
            session.execute("ROLLBACK")
    return None


def _truth(context, server):
    database, statements = _prepared(server)
    failed = 0
    part = context.in_turn(server, statements, 4)
    for statement in part:
        findings = _lint(context.segue.on(server, database), statement)["findings"]
        said = [f for f in findings if f["rule"] in _WHY_FAILS and f["level"] == "error"]
        error = _fails(server, database, statement)
        failed += error is not None
        with context.report.test(f"[{server.major}] lint --url says whether it fails: {statement}"):
            require(bool(said) == bool(error), f"server: {error}\nlint: {findings}")
            unsure = [f for f in findings if f["rule"] in _WHY_FAILS and "not looked at" in f["message"]]
            require(not unsure, f"not looked at: {unsure}")
    server.drop(database)
    with context.report.test(f"[{server.major}] lint --url was asked of what fails and of what does not"):
        require(len(part) / 5 < failed < len(part) * 4 / 5, f"{failed} of {len(part)} fail")


class _Ground(Ground):
    """The database of the file."""

    def __init__(self, context, server):
        super().__init__(context, server)
        self.database, _ = _prepared(server)

    def lint(self, script, *arguments, user="postgres"):
        """(findings, all that is said)"""
        said = _lint(self.context.segue.on(self.server, self.database, user), script, *arguments)
        return said["findings"], said

    def told_of_file(self, rule, path, *arguments):
        said = self.context.segue.on(self.server, self.database).run("lint", "--json", "--url", self.server.url(self.database), *arguments, path)
        return [finding for finding in json.loads(said.out)["findings"] if finding["rule"] == rule]

    def told(self, rule, script, **how):
        findings, _ = self.lint(script, **how)
        return [finding for finding in findings if finding["rule"] == rule]


def _empty_is_a_note(ground):
    """lint --url: a hazard on an empty table is a note"""
    findings, _ = ground.lint('ALTER TABLE "Empty one" ALTER COLUMN a SET NOT NULL; CREATE INDEX ON "Empty one" (a)')
    require({f["rule"] for f in findings} >= {"set-not-null", "create-index", "no-lock-timeout"}, f"{findings}")
    require(all(f["level"] == "note" for f in findings), f"{findings}")


def _filled_by_the_file(ground):
    """lint --url: a table that the file fills is not taken for empty"""
    told = ground.told("set-not-null", 'INSERT INTO "Empty one" VALUES (1, NULL); ALTER TABLE "Empty one" ALTER COLUMN a SET NOT NULL')
    require(told and told[0]["level"] != "note", f"{told}")


def _changed_by_the_file(ground):
    """lint --url: rows that the file itself changes are not judged by what is there now"""
    told = ground.told("rows-in-the-way", "UPDATE orders SET amount = 0 WHERE amount IS NULL; ALTER TABLE orders ALTER COLUMN amount SET NOT NULL")
    require(len(told) == 1 and told[0]["level"] == "note" and "the files change them" in told[0]["message"], f"{told}")


def _nothing_is_run(ground):
    """lint --url: a function that may write is not called"""
    before = ground.value(ground.database, "SELECT count(*) FROM pairs")
    told = ground.told("rows-in-the-way", "ALTER TABLE pairs ADD CHECK (writes())")
    require(told and "not looked at" in told[0]["message"], f"{told}")
    require(ground.value(ground.database, "SELECT count(*) FROM pairs") == before, "a row was written")


def _not_to_be_read(ground):
    """lint --url: rows that the role may not read are said not to be looked at"""
    told = ground.told("rows-in-the-way", "ALTER TABLE orders ALTER COLUMN amount SET NOT NULL", user="app_login")
    require(len(told) == 1 and "may not read" in told[0]["message"] and told[0]["level"] == "note", f"{told}")


def _count_far(ground):
    ground.run(ground.database, "SELECT setval('counting_id_seq', 2000000000)")


def _documented_role(ground):
    """lint --url: the privileges of docs/privileges.md suffice"""
    _count_far(ground)
    with open(_PRIVILEGES, encoding="utf-8") as file:
        block = re.search(r"## Lint.*?```sql\n(.*?)```", file.read(), re.S)[1]
    require(_make(ground.server, ground.database, lint_trace.statements(block)), "the server does not know the statements")
    script = "ALTER TABLE orders ALTER COLUMN amount SET NOT NULL; ALTER TABLE orders DROP COLUMN amount; ALTER TABLE counting ADD COLUMN x integer"
    findings, _ = ground.lint(script, user="segue_lint")
    told = {f["rule"] for f in findings if f["level"] != "note"}
    require(told >= {"rows-in-the-way", "dependants", "key-nearly-full"}, f"{told}")
    require(not any("not looked at" in f["message"] for f in findings), f"{findings}")


def _waits_for_nobody(ground):
    """lint --url: a table that somebody keeps locked does not keep it"""
    with ground.server.connect(ground.database) as holder:
        holder.execute("BEGIN")
        holder.execute("LOCK TABLE orders")
        begun = time.monotonic()
        told = ground.told("set-not-null", "ALTER TABLE orders ALTER COLUMN amount SET NOT NULL")
        seconds = time.monotonic() - begun
        holder.execute("ROLLBACK")
    require(seconds < _SECONDS, f"{seconds:.1f} s")
    require(told and told[0]["level"] == "warning" and "lock timeout" in told[0]["here"], f"{told}")


def _size_and_time(ground):
    """lint --url: a finding says how large the table is and for how long others wait"""
    findings, said = ground.lint("ALTER TABLE orders ALTER COLUMN placed TYPE date")
    told = [f for f in findings if f["rule"] == "change-type"]
    require(told and "about 1,000 rows" in told[0]["here"] and told[0]["seconds"][0] < told[0]["seconds"][2], f"{told}")
    require(said["pg_version"] == ground.server.major and ground.database in said["database"], f"{said}")


def _numbers_run_out(ground):
    """lint --url: a key whose numbers run out is told of, once"""
    _count_far(ground)
    told = ground.told("key-nearly-full", "ALTER TABLE counting ADD COLUMN more integer; ALTER TABLE counting ADD COLUMN yet_more integer")
    require([f["message"] for f in told] == ['"id" of counting is at 2,000,000,000, and ends at 2,147,483,647'], f"{told}")


def _who_chooses(ground):
    """lint --url: of a default that carries meaning, who chooses by such a column"""
    ground.run(ground.database, "CREATE FUNCTION active() RETURNS bigint LANGUAGE plpgsql AS"
               " 'BEGIN RETURN (SELECT count(*) FROM good WHERE status = 1); END'")
    told = ground.told("default-trap", "ALTER TABLE good ADD COLUMN status smallint NOT NULL DEFAULT 1")
    require(told and "function active()" in told[0]["message"], f"{told}")
    ground.run(ground.database, "CREATE POLICY by_rank ON good USING (a > 0)", "CREATE VIEW ranked AS SELECT g.id FROM good g, pairs p WHERE p.b > 1")
    require(not ground.told("default-trap", "ALTER TABLE good ADD COLUMN weight integer NOT NULL DEFAULT 1"), "nobody speaks of a weight")
    told = ground.told("default-trap", "ALTER TABLE good ADD COLUMN c integer NOT NULL DEFAULT 1")
    require(not told, f"{told}")
    ground.run(ground.database, "CREATE FUNCTION light() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM good g, pairs WHERE pairs.c < 3'")
    told = ground.told("default-trap", "ALTER TABLE good ADD COLUMN c integer NOT NULL DEFAULT 1")
    require(told and "function light()" in told[0]["message"], f"{told}")


def _large_in_part(ground):
    """lint --url: a large table is read in part, and as a whole with --exact"""
    ground.run(ground.database, "CREATE TABLE large AS SELECT n, CASE WHEN n > 1 THEN 1 END AS a, repeat('x', 1500) AS filler"
               " FROM generate_series(1, 50000) n", "ANALYZE large")
    statement = "ALTER TABLE large ALTER COLUMN a SET NOT NULL"
    told = ground.told("rows-in-the-way", statement)
    require(told and told[0]["level"] in ("note", "error"), f"{told}")
    findings, _ = ground.lint(statement, "--exact")
    told = [f["message"] for f in findings if f["rule"] == "rows-in-the-way" and f["level"] == "error"]
    require(told and "1 rows of large with null in a: row at (0,1)" in told[0], f"{findings}")


_IN_TRANSACTION = [  # two statements each of two files
    (("ALTER TABLE orders ADD COLUMN x1 integer", "ALTER TABLE customers ADD COLUMN x1 integer"),
     ("ALTER TABLE customers ADD COLUMN x2 integer", "ALTER TABLE orders ADD COLUMN x2 integer")),
    (("ALTER TABLE orders ADD COLUMN x1 integer", "ALTER TABLE customers ADD COLUMN x1 integer"),
     ("ALTER TABLE orders ADD COLUMN x2 integer", "ALTER TABLE customers ADD COLUMN x2 integer")),
    (("LOCK TABLE orders IN SHARE MODE", "LOCK TABLE customers IN SHARE MODE"),
     ("LOCK TABLE customers IN SHARE MODE", "LOCK TABLE orders IN SHARE MODE")),
    (("LOCK TABLE orders IN SHARE MODE", "LOCK TABLE customers IN ROW EXCLUSIVE MODE"),
     ("LOCK TABLE customers IN SHARE MODE", "LOCK TABLE orders IN ROW EXCLUSIVE MODE")),
    (("UPDATE orders SET note = note WHERE id < 0", "ALTER TABLE good ADD COLUMN x1 integer"),
     ("UPDATE good SET b = b WHERE id < 0", "ALTER TABLE orders ADD COLUMN x2 integer")),
    (("UPDATE orders SET note = note WHERE id < 0", "UPDATE good SET b = b WHERE id < 0"),
     ("UPDATE good SET b = b WHERE id < 0", "UPDATE orders SET note = note WHERE id < 0")),
    (("SELECT count(*) FROM orders", "UPDATE good SET b = b WHERE id < 0"),
     ("ALTER TABLE good ADD COLUMN x1 integer", "ALTER TABLE orders ADD COLUMN x1 integer")),
    (("SELECT count(*) FROM orders JOIN customers ON customers.id = orders.customer_id", "UPDATE good SET b = b WHERE id < 0"),
     ("ALTER TABLE good ADD COLUMN x1 integer", "CREATE INDEX ON customers (name)")),
    (("SELECT id FROM orders WHERE id < 0 FOR UPDATE", "SELECT count(*) FROM good"),
     ("LOCK TABLE good", "LOCK TABLE orders IN EXCLUSIVE MODE")),
    (("CREATE INDEX ON pairs (c)", "CREATE INDEX ON pointing (y)"), ("CREATE INDEX ON pointing (x)", "CREATE INDEX ON pairs (a)")),
    (("CREATE TRIGGER t1 BEFORE INSERT ON pairs FOR EACH ROW EXECUTE FUNCTION touch()", "ALTER TABLE app.things ADD COLUMN x1 integer"),
     ("ALTER TABLE app.things ADD COLUMN x2 integer", "CREATE INDEX ON pairs (c)")),
    (("ALTER TABLE app.things ADD COLUMN x1 integer", "ALTER TABLE pairs ADD COLUMN x1 integer"),
     ("ALTER TABLE pairs ADD COLUMN x2 integer", "ALTER TABLE pointing ADD COLUMN x2 integer")),
]


def _state(session, act):
    try:
        act(session)
        return None
    except pq.DatabaseError as error:
        return error.sqlstate


def _deadlock(ground, one, other):
    """Whether the server ends one of them when both run at once, a statement each in turn."""
    with ground.server.connect(ground.database) as first, ground.server.connect(ground.database) as second:
        for session in (first, second):
            session.execute("SET lock_timeout = '3s'")
            session.execute("BEGIN")
        first.execute(one[0])
        states = [_state(second, lambda session: session.execute(other[0]))]
        if states == [None]:
            first.send(one[1])
            second.send(other[1])
            states = [_state(session, lambda session: session.finish()) for session in (first, second)]
        for session in (first, second):
            session.execute("ROLLBACK")
    return "40P01" in states


def _lock_order(ground):
    """lint of two files says that they lock in another order exactly when the server finds a deadlock"""
    found = 0
    for one, other in _IN_TRANSACTION:
        files = [ground.file(name, "BEGIN;\n" + ";\n".join(statements) + ";\nCOMMIT;\n") for name, statements in (("one", one), ("other", other))]
        said = ground.context.segue.on(ground.server, ground.database).run("lint", "--json", *files)
        told = [f for f in json.loads(said.out)["findings"] if f["rule"] == "lock-order"]
        deadlock = _deadlock(ground, one, other)
        found += deadlock
        require(bool(told) == deadlock, f"{one}\n{other}\nserver: {deadlock}\nlint: {told}")
    require(found >= 5, f"only {found} deadlocks")


def _order_of_the_application(ground):
    """lint --transactions says that a file locks in another order than the application exactly when the server finds a deadlock"""
    for one, other in _IN_TRANSACTION:
        recorded, file = [ground.file(name, "BEGIN;\n" + ";\n".join(statements) + ";\nCOMMIT;\n") for name, statements in (("recorded", one), ("file", other))]
        said = json.loads(ground.context.segue.on(ground.server, ground.database).run("lint", "--json", "--transactions", recorded, file).out)
        told = [f for f in said["findings"] if f["rule"] == "lock-order"]
        require(bool(told) == _deadlock(ground, one, other), f"{one}\n{other}\n{told}")
        require(said["files"] == 1 and all(f["file"] == file for f in said["findings"]), f"{said}")
    ground.file("recorded", "UPDATE good SET a = 1;\nDELETE FROM good;\n")
    path = ground.file("file", "ALTER TABLE good ALTER COLUMN a SET NOT NULL")
    alone, beside = [[f["message"] for f in ground.told_of_file("rows-in-the-way", path, *more)] for more in ((), ("--transactions", recorded))]
    require(alone == beside, f"{alone}\n{beside}")


def _folders(ground):
    """lint of a folder looks at its files in the order of their names"""
    folder = os.path.join(ground.server.folder, "several")
    os.mkdir(folder)
    for name, text in (("2_b.sql", "ALTER TABLE made ADD CHECK (a > 0);"), ("1_a.sql", "CREATE TABLE made (a integer);"), ("note.txt", "nothing")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    session = ground.context.segue.on(ground.server, ground.database)
    said = json.loads(session.run("lint", "--json", folder).out)
    require(said["files"] == 2 and any(f["file"].endswith("2_b.sql") for f in said["findings"]), f"{said}")
    require(session.run("lint", os.path.join(ground.server.folder, "pg_wal_not_there")).code == 2, "exit")


def _only_when_asked(ground):
    """lint --url: a database is asked only with --url; what cannot be reached is an error of the database"""
    nobody = "postgresql://nobody@127.0.0.1:1/none"
    session = program.Session(ground.context.segue.path, nobody)
    path = ground.file("harmless", "SELECT 1;")
    for code, arguments in ((0, ()), (2, ("--exact",)), (3, ("--url", nobody))):
        result = session.run("lint", *arguments, path)
        require(result.code == code, f"{result}")


_PROMISES = [_empty_is_a_note, _filled_by_the_file, _changed_by_the_file, _nothing_is_run, _not_to_be_read, _waits_for_nobody,
             _size_and_time, _numbers_run_out, _documented_role, _who_chooses, _large_in_part, _lock_order, _order_of_the_application, _folders, _only_when_asked]
