"""segue compare: what statements would meet on the new version is told before any of them runs there."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import urllib.request

from . import pq
from . import server as servers
from .gateway import Gateway
from .program import REFUSED, USAGE
from .promises import Ground, promise_all
from .report import require
from .tls_server import free_port
from .traffic import wait_until

_SCHEMA = """
CREATE EXTENSION pg_stat_statements;
CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, price integer NOT NULL, note text, qty integer NOT NULL DEFAULT 0);
INSERT INTO items SELECT i, 'item ' || i, i * 10, 'note ' || i, i % 7 FROM generate_series(1, 500) i;
CREATE TABLE traces (at timestamptz);
CREATE TABLE people (id integer PRIMARY KEY, born date);
INSERT INTO people SELECT i, '2000-01-01'::date + i FROM generate_series(1, 50) i;
CREATE FUNCTION writes(n integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS
    $$ BEGIN INSERT INTO traces VALUES (now()); RETURN n; END $$;
"""
_PATIENCE = 120  # seconds; only a test that fails waits for so long
_MIGRATION = """
-- segue: up   items.price = price * 100
-- segue: down items.price = price / 100
ALTER TABLE items ALTER COLUMN price TYPE bigint;
ALTER TABLE items RENAME COLUMN name TO title;
ALTER TABLE people RENAME TO persons;
-- segue: down items.note = ''
ALTER TABLE items DROP COLUMN note;
"""
_PRIVILEGES = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "privileges.md")
# What an application asks, and which kinds of differences are to be told of it.
_DIFFER = {
    "SELECT id, price FROM items WHERE id = $1": {"column_type"},
    "SELECT id FROM items WHERE price = $1": {"parameter"},
    "SELECT note FROM items WHERE id = $1": {"error"},
    "SELECT name FROM items, generate_series(1, 2)": {"error"},
    "SELECT name, price FROM items": {"column_type"},
    "SELECT * FROM items": {"column_gone", "column_type", "column_order"},
    "SELECT i FROM items i": {"column_type"},
    "UPDATE items SET qty = qty + $1 WHERE id = $2 RETURNING price": {"column_type"},
}
# What needs nothing but names of the new version: which, and how it is asked there.
_RENAMED = {
    "SELECT name FROM items WHERE id = $1": ("title for name", "SELECT title AS name FROM items WHERE id = $1"),
    "UPDATE items i SET name = $1 WHERE i.name = $2": ("title for name", "UPDATE items i SET title = $1 WHERE i.title = $2"),
    "INSERT INTO items (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name": (
        "title for name", "INSERT INTO items (id, title) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET title = excluded.title"),
    "SELECT count(*) FROM people WHERE people.id > $1": ("persons for people", "SELECT count(*) FROM persons AS people WHERE people.id > $1"),
    "SELECT p.born, (SELECT max(name) FROM items WHERE id = p.id) FROM people p": (
        "persons for people, title for name", "SELECT p.born, (SELECT max(title) FROM items WHERE id = p.id) FROM persons p"),
}
_SAME = [
    "SELECT id, qty FROM items WHERE id = $1",
    "SELECT count(*) FROM items",
    "INSERT INTO items (id, qty) VALUES ($1, $2)",
    "DELETE FROM items WHERE id = $1",
    "SELECT writes($1)",
    "WITH gone AS (DELETE FROM items RETURNING id) SELECT count(*) FROM gone",
]
_NEW_ALONE = ["SELECT title FROM items"]
_NEITHER = ["SELECT nothing FROM nowhere"]
_UTILITY = ["CREATE TABLE made (a integer)", "ALTER ROLE postgres PASSWORD 'secret'"]


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = servers.Server(base.bin_dir, {"shared_preload_libraries": "pg_stat_statements", "max_connections": "200"})
    try:
        promise_all(context, server, context.further(base, _PROMISES, 3), _Ground(context, server))
    finally:
        server.stop()


class _Ground(Ground):
    """A database with both versions of a migration live."""

    def __init__(self, context, server):
        super().__init__(context, server)
        self.database, self.segue = self.made("compare", _SCHEMA)
        self.segue.must("start", self.file("0001_prices", _MIGRATION))

    def statements(self, *texts):
        return self.file("statements", ";\n".join(texts) + ";\n")

    def compared(self, *arguments, code=REFUSED):
        result = self.segue.run("compare", "--json", *arguments)
        require(result.code == code, f"exit {code} is expected: {result}")
        return json.loads(result.out)


def _kinds(report):
    found = {}
    for row in report.get("differences", []):
        found.setdefault(row["statement"], set()).add(row["kind"])
    return found


def _finds(ground):
    """Of statements in a file: changed types, dropped columns, rows of other types and errors are found, what needs new names alone is told with these, what is the same is not; nothing is
    run"""
    before = ground.value(ground.database, "SELECT (SELECT count(*) FROM traces) || ' ' || (SELECT sum(id + qty) FROM items)")
    report = ground.compared("--statements", ground.statements(*_DIFFER, *_RENAMED, *_SAME, *_NEW_ALONE, *_NEITHER, *_UTILITY))
    require(_kinds(report) == _DIFFER, f"{_kinds(report)}")
    require(report["differ"] == len(_DIFFER) and report["same"] == len(_SAME) and report["renamed"] == len(_RENAMED), f"{report}")
    needs = {row["statement"]: row for row in report["needs_names"]}
    require(set(needs) == {*_RENAMED, "SELECT name, price FROM items", "SELECT * FROM items"}, f"{needs}")
    for statement, (names, asked) in _RENAMED.items():
        require((needs[statement]["needs"], needs[statement]["asked_as"]) == (f"the new name {names}", asked), f"{needs[statement]}")
    require([row["statement"] for row in report["on_new_alone"]] == _NEW_ALONE, f"{report}")
    require([row["statement"] for row in report["on_neither"]] == _NEITHER and report["on_neither"][0]["sqlstate"] == "42P01", f"{report}")
    require(report["not_asked"] == len(_UTILITY), f"{report}")
    after = ground.value(ground.database, "SELECT (SELECT count(*) FROM traces) || ' ' || (SELECT sum(id + qty) FROM items)")
    require(before == after and before.startswith("0 "), f"something was run: {before} became {after}")
    require(ground.value(ground.database, "SELECT to_regclass('made')") is None, "a utility statement was run")


def _words(ground):
    """As text, a difference says what is different and how"""
    result = ground.segue.run("compare", "--statements", ground.statements("SELECT id, price FROM items", "SELECT note FROM items"))
    require(result.code == REFUSED, f"{result}")
    words = " ".join(result.out.split())
    require("bigint instead of integer" in words and "42703" in words and "names are not translated: the new version has no column note" in words, f"{result}")


def _quiet(ground):
    """Where nothing differs the exit status is 0"""
    report = ground.compared("--statements", ground.statements(*_SAME), code=0)
    require(report["same"] == len(_SAME) and "differences" not in report, f"{report}")


def _recorded(ground):
    """What pg_stat_statements has recorded is asked about, with its calls, those called most first"""
    with ground.server.connect(ground.database) as client:
        client.execute("SELECT pg_stat_statements_reset()")
        for _ in range(7):
            client.execute("SELECT id, price FROM items WHERE id = 3")
        for _ in range(3):
            client.execute("SELECT note FROM items WHERE id = 4 AND 'secret' <> note")
            client.execute("SELECT id, qty FROM items WHERE id = 5")
    report = ground.compared("--source", "pg_stat_statements")
    found = [(row["statement"], row["calls"], row["kind"]) for row in report["differences"]]
    require(found == [("SELECT id, price FROM items WHERE id = $1", 7, "column_type"),
                      ("SELECT note FROM items WHERE id = $1 AND $2 <> note", 3, "error")], f"{found}")


def _refusals(ground):
    """Without a new version, without statements, and with a file that is none, it says so"""
    _database, segue = ground.made("alone", "CREATE TABLE a (b integer)")
    result = segue.run("compare", "--statements", ground.statements("SELECT 1"))
    require(result.code == REFUSED and "no version of schema" in result.err, f"{result}")
    result = ground.segue.run("compare", "--source", "gateway")
    require(result.code == REFUSED and "no gateway has kept a statement" in result.err, f"{result}")
    result = ground.segue.run("compare", "--statements", "/nowhere.sql")
    require(result.code == USAGE, f"{result}")
    result = ground.segue.run("compare", "--statements", ground.statements("SELECT 1"), "--to", "public_9999_none")
    require(result.code == REFUSED and "public_9999_none" in result.text, f"{result}")


def _documented_role(ground):
    """The privileges of docs/privileges.md suffice: with no right to any table, what is told is the same"""
    with open(_PRIVILEGES, encoding="utf-8") as file:
        block = re.search(r"## Compare.*?```sql\n(.*?)```", file.read(), re.S)[1]
    ground.run(ground.database, *[statement for statement in block.split(";") if statement.strip()],
               "GRANT USAGE ON SCHEMA public_base, public_0001_prices TO segue_compare")
    own = ground.context.segue.on(ground.server, ground.database, "segue_compare")
    result = own.run("compare", "--json", "--statements", ground.statements(*_DIFFER, *_RENAMED, *_SAME))
    require(result.code == REFUSED and _kinds(json.loads(result.out)) == _DIFFER and json.loads(result.out)["renamed"] == len(_RENAMED), f"{result}")
    result = own.run("compare", "--json", "--source", "pg_stat_statements")
    require("could not be seen" not in result.out and json.loads(result.out)["statements"] > 0, f"{result}")


_ROLES = """
CREATE ROLE app LOGIN;
CREATE ROLE other LOGIN;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public, public_base, public_0001_prices TO app, other;
GRANT USAGE ON SCHEMA public_base, public_0001_prices TO app, other;
"""
# Reads that answer alike on both versions, whatever else goes on: rows that are written all the time, clocks, chance, rows in any order and cut anywhere, sums of numbers that
# depend on their order.
_ALIKE = [
    "SELECT id, qty FROM items WHERE id = :id",
    "SELECT sum(qty), count(*) FROM items",
    "SELECT id, now() FROM items WHERE id = :id",
    "SELECT id, clock_timestamp(), random() FROM items WHERE id = :id",
    "SELECT id FROM items ORDER BY random() LIMIT 3",
    "SELECT id, qty FROM items WHERE id < :id",
    "SELECT id FROM items LIMIT 5",
    "SELECT qty, id FROM items WHERE id < 60 ORDER BY qty",
    "SELECT qty, id FROM items ORDER BY qty DESC LIMIT 7",
    "SELECT avg(qty::float8 / 3) FROM items",
    "SELECT id FROM items WHERE id = :id LIMIT 1",
]
# The same questions, asked with other names of the new version.
_ALIKE_RENAMED = [
    "SELECT name FROM items WHERE id = :id",
    "SELECT i.id, upper(i.name) FROM items i JOIN people p ON p.id = i.id WHERE i.name > p.born::text ORDER BY i.name LIMIT 3",
    "SELECT name, count(*) FROM items WHERE id < 50 GROUP BY name ORDER BY name",
    "WITH w AS (SELECT name, id FROM items WHERE id = :id) SELECT w.name FROM w",
    "SELECT * FROM people WHERE people.id = :id",
]
# On the new version price is a hundred times as much.
_UNLIKE = {
    "SELECT id, price FROM items WHERE id = :id": ("rows", "price"),
    "SELECT id FROM items WHERE price = :id * 10": ("count", "rows"),
    "SELECT id, price FROM items WHERE id = :id LIMIT 1": ("rows", "price"),
    "SELECT note FROM items WHERE id = :id": ("error", "42703"),
    "SELECT * FROM items WHERE id = :id": ("columns", "note"),
    "SELECT name, price FROM items WHERE id = :id": ("rows", "price"),
    "SELECT name FROM items, generate_series(1, 2) WHERE id = :id": ("error", "not translated"),
}
_WRITES = r"""
\set id random(1, 500)
UPDATE items SET qty = qty + 1 WHERE id = :id;
"""


def _pgbench(ground, gateway, name, script, *arguments, user="app"):
    path = ground.file(name, script)
    program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
    command = [program, "-n", "-c", "2", "-f", path, *arguments, ground.database]
    return subprocess.Popen(command, env=gateway.environment(ground.database, user), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@contextlib.contextmanager
def _traffic(ground, gateway, statements):
    """pgbench writes and reads through the gateway, by all three protocols, until the block ends; none of it may fail."""
    reads = "\\set id random(1, 500)\n" + "".join(f"{statement};\n" for statement in statements)
    running = [_pgbench(ground, gateway, "writes", _WRITES, "-T", "120", "-R", "300")]
    running += [_pgbench(ground, gateway, f"reads_{mode}", reads, "-T", "120", "-R", "40", "-M", mode) for mode in ("simple", "extended", "prepared")]
    try:
        yield
        require(all(one.poll() is None for one in running), "pgbench ended by itself")
    finally:
        for one in running:
            one.terminate()
        said = [one.communicate()[0] for one in running]
    require(not any("ERROR" in words or "FATAL" in words for words in said), f"{said}")


@contextlib.contextmanager
def _gateway(ground, *arguments):
    if ground.value("postgres", "SELECT count(*) FROM pg_roles WHERE rolname = 'app'") == "0":
        with open(_PRIVILEGES, encoding="utf-8") as file:
            block = re.search(r"## Gateway.*?```sql\n(.*?)```", file.read(), re.S)[1]
        ground.run(ground.database, *[statement for statement in (_ROLES + block).split(";") if statement.strip()],
                   "CREATE ROLE segue_asker LOGIN", "GRANT app TO segue_asker")
    ground.run(ground.database, "TRUNCATE segue.statements, segue.compared")
    with Gateway(ground.context.options.segue, ground.server, *arguments, "--compare-role", "segue_asker", url=ground.server.url(ground.database, "segue_gateway")) as gateway:
        yield gateway


def _answers(ground):
    """What gateways have compared, by statement."""
    result = ground.segue.run("compare", "--json", "--source", "gateway")
    if "no statements" in result.text:
        return {}
    require(result.code in (0, REFUSED), f"{result}")
    return {_bare(row["statement"]): row for row in json.loads(result.out).get("answers", [])}


def _bare(statement):
    """However constants and parameters are written."""
    return re.sub(r"\$\d+|:id|(?<=[ (*])\d+", "?", statement)


def _compares(ground):
    """Answers of a new version that answers differently on purpose are found and named, by statement; what answers the same yields none while rows are written all the time, nor does what
    differs by itself"""
    statements = [*_ALIKE, *_ALIKE_RENAMED, *_UNLIKE]
    port = free_port()
    with _gateway(ground, "--compare", "100", "--compare-share", "100", "--metrics", f"127.0.0.1:{port}", "--log-level", "warning") as gateway:
        with _traffic(ground, gateway, statements):
            def enough():
                answers = _answers(ground)
                return all(answers.get(_bare(statement), {"compared": 0})["compared"] >= 30 for statement in statements)
            wait_until(enough, "each read is compared thirty times", 90)
        answers = _answers(ground)
        said = gateway.said()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as found:
            metrics = found.read().decode()
    for statement in _ALIKE + _ALIKE_RENAMED:
        require(answers[_bare(statement)]["differed"] == 0, f"it is said to differ: {answers[_bare(statement)]}")
    translated = {statement for statement in statements if answers[_bare(statement)].get("asked_as")}
    require(translated == {*_ALIKE_RENAMED, "SELECT * FROM items WHERE id = :id", "SELECT name, price FROM items WHERE id = :id"}, f"{translated}")
    require(answers[_bare(_ALIKE_RENAMED[0])]["asked_as"] == "SELECT title AS name FROM items WHERE id = $1", f"{answers[_bare(_ALIKE_RENAMED[0])]}")
    require(all(answers[_bare(statement)]["by_itself"] == 0 for statement in _ALIKE_RENAMED), "a translated statement differs by itself")
    require(re.search(r"segue_gateway_compared_translated_total\{version=\"public_0001_prices\"\} [1-9]", metrics), metrics)
    require(answers[_bare(_ALIKE[2])]["by_itself"] > 0, "a clock is not seen to differ by itself")
    require(answers[_bare(_ALIKE[0])]["by_itself"] == 0, "a row that is written differs by itself: the snapshots are not one")
    for statement, (kind, word) in _UNLIKE.items():
        row = answers[_bare(statement)]
        require(row["differed"] == row["compared"] and kind == row["kind"] and word in row["what"], f"{row}")
    events = [line for line in said.splitlines() if "event=difference" in line]
    require(any("columns=price" in line and "row=1" in line for line in events), f"{events}")
    require("item " not in said and not re.search(r"\b\d+00 instead of", said), "values are logged")


def _kept(ground):
    """Statements are kept without values and comments, with their roles and calls, and are asked about; what sets passwords is not kept"""
    with _gateway(ground, "--keep-statements") as gateway:
        with gateway.connect(ground.database, "app") as client:
            for i in range(5):
                client.execute(f"SELECT id, price /* of user 4711 */ FROM items WHERE id = {i} AND name <> 'secret{i}' -- trace 0815")
                client.rows("SELECT note FROM items WHERE id = $1 AND note <> 'secret'", 3)
        with gateway.connect(ground.database) as client:
            client.execute("ALTER ROLE other PASSWORD 'secret'")
            client.execute("SET application_name = 'secret'")

        def all_there():
            return ground.value(ground.database, "SELECT sum(calls) FROM segue.statements WHERE role = 'app'") == "10"
        wait_until(all_there, "the statements are kept", _PATIENCE)
    rows = [tuple(row.values()) for row in ground.server.connect(ground.database).dicts(
        "SELECT text, role, version, calls::text FROM segue.statements WHERE role = 'app' ORDER BY text")]
    require(rows == [("SELECT id, price FROM items WHERE id = $1 AND name <> $2", "app", "public_base", "5"),
                     ("SELECT note FROM items WHERE id = $1 AND note <> $2", "app", "public_base", "5")], f"{rows}")
    everything = ground.value(ground.database, "SELECT string_agg(s::text, ' ') FROM segue.statements s")
    require("secret" not in everything and "4711" not in everything and "0815" not in everything, everything)
    report = ground.compared("--source", "gateway")
    require({row["statement"]: row["kind"] for row in report["differences"]} == {rows[0][0]: "column_type", rows[1][0]: "error"}
            or "name" in str(report["differences"]), f"{report}")


def _manners(ground):
    """It runs what clients ask with no superuser's session, and only as roles that its own may act as"""
    process = subprocess.run([ground.context.options.segue, "gateway", "--listen", "127.0.0.1:0", "--compare", "1", "--url", ground.server.url(ground.database)],
                             capture_output=True, text=True, timeout=_PATIENCE, check=False)
    require(process.returncode == REFUSED and "superuser" in process.stderr, f"{process}")
    with _gateway(ground, "--compare", "100", "--compare-share", "100") as gateway:
        with gateway.connect(ground.database, "other") as client:
            for _ in range(20):
                client.rows("SELECT id, price FROM items WHERE id = 3")
        with gateway.connect(ground.database, "app") as client:
            wait_until(lambda: client.rows("SELECT id, price FROM items WHERE id = 3") and ground.value(ground.database, "SELECT count(*) FROM segue.compared") != "0",
                       "something is compared", _PATIENCE)
            with contextlib.suppress(pq.DatabaseError):
                client.rows("SELECT writes(1)")
    answers = ground.segue.run("compare", "--json", "--source", "gateway").json["answers"]
    require({row["role"] for row in answers} == {"app"}, f"{answers}")
    require(all("writes" not in row["statement"] for row in answers), f"{answers}")


def _trips(ground):
    """With --breaker-differences a version whose answers differ is left, for that reason; without it a version may answer otherwise"""
    share = "SELECT share || ' ' || coalesce(tripped, '-') FROM segue.ramps"
    for limit, trips in (("100", False), ("20", True)):
        with _gateway(ground, "--compare", "100", "--compare-share", "100", "--breaker-differences", limit) as gateway:
            ground.segue.must("ramp", "--force", "50")
            with gateway.connect(ground.database, "app") as client:
                def differs():
                    for _ in range(20):
                        client.rows("SELECT id, price FROM items WHERE id = 3")
                    return (_answers(ground).get(_bare("SELECT id, price FROM items WHERE id = 3")) or {"differed": 0})["differed"] >= 30
                wait_until(differs, "answers differ", _PATIENCE)
                if trips:
                    wait_until(lambda: "differed" in ground.value(ground.database, share), "the version is left", _PATIENCE)
            require(trips == ground.value(ground.database, share).startswith("0 "), ground.value(ground.database, share))
    result = ground.segue.run("ramp", "5")
    require(result.code == REFUSED and "differed" in result.text, f"{result}")
    ground.segue.must("ramp", "0")


_PROMISES = [_finds, _words, _quiet, _recorded, _refusals, _documented_role, _compares, _kept, _manners, _trips]
