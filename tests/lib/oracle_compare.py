"""segue compare: what statements would meet on the new version is told before any of them runs there."""

import json
import os
import re

from . import server as servers
from .program import REFUSED, USAGE
from .promises import Ground, promise_all
from .report import require

_SCHEMA = """
CREATE EXTENSION pg_stat_statements;
CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, price integer NOT NULL, note text, qty integer NOT NULL DEFAULT 0);
INSERT INTO items SELECT i, 'item ' || i, i * 10, 'note ' || i, i % 7 FROM generate_series(1, 500) i;
CREATE TABLE traces (at timestamptz);
CREATE FUNCTION writes(n integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS
    $$ BEGIN INSERT INTO traces VALUES (now()); RETURN n; END $$;
"""
_MIGRATION = """
-- segue: up   items.price = price * 100
-- segue: down items.price = price / 100
ALTER TABLE items ALTER COLUMN price TYPE bigint;
ALTER TABLE items RENAME COLUMN name TO title;
-- segue: down items.note = ''
ALTER TABLE items DROP COLUMN note;
"""
_PRIVILEGES = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "privileges.md")
# What an application asks, and which kinds of differences are to be told of it.
_DIFFER = {
    "SELECT id, price FROM items WHERE id = $1": {"column_type"},
    "SELECT id FROM items WHERE price = $1": {"parameter"},
    "SELECT note FROM items WHERE id = $1": {"error"},
    "SELECT name FROM items WHERE id = $1": {"error"},
    "SELECT * FROM items": {"column_gone", "column_new", "column_type", "column_order"},
    "SELECT i FROM items i": {"column_type"},
    "UPDATE items SET qty = qty + $1 WHERE id = $2 RETURNING price": {"column_type"},
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
        promise_all(context, server, _PROMISES, _Ground(context, server))
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
    """Of statements in a file: changed types, dropped and renamed columns, rows of other types and errors are found, what is the same is not; nothing is run"""
    before = ground.value(ground.database, "SELECT (SELECT count(*) FROM traces) || ' ' || (SELECT sum(id + qty) FROM items)")
    report = ground.compared("--statements", ground.statements(*_DIFFER, *_SAME, *_NEW_ALONE, *_NEITHER, *_UTILITY))
    require(_kinds(report) == _DIFFER, f"{_kinds(report)}")
    require(report["differ"] == len(_DIFFER) and report["same"] == len(_SAME), f"{report}")
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
    require("bigint instead of integer" in words and "42703" in words, f"{result}")


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
    require(result.code == REFUSED and "no gateway has seen a statement" in result.err, f"{result}")
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
    result = own.run("compare", "--json", "--statements", ground.statements(*_DIFFER, *_SAME))
    require(result.code == REFUSED and _kinds(json.loads(result.out)) == _DIFFER, f"{result}")
    result = own.run("compare", "--json", "--source", "pg_stat_statements")
    require("could not be seen" not in result.out and json.loads(result.out)["statements"] > 0, f"{result}")


_PROMISES = [_finds, _words, _quiet, _recorded, _refusals, _documented_role]
