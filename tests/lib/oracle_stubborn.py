"""Rows whose up fails: they do not stop the backfill, are listed with key and error, and hold start up until they are mended; the old version goes
on with them meanwhile. `otherwise` gives them a value."""

import os

from .program import REFUSED, find_key
from .report import require

_BAD = {"7": "n/a", "1234": "secret-value", "2999": "12 %"}

_SCHEMA = """
CREATE TABLE items (id integer PRIMARY KEY, weight text NOT NULL, note text);
INSERT INTO items SELECT i, i::text, 'note ' || i FROM generate_series(1, 3000) i;
UPDATE items SET weight = 'n/a' WHERE id = 7;
UPDATE items SET weight = 'secret-value' WHERE id = 1234;
UPDATE items SET weight = '12 %' WHERE id = 2999;
CREATE TABLE loose (weight text, parts integer);
INSERT INTO loose SELECT i::text, i % 50 FROM generate_series(1, 1000) i;
"""

_ITEMS = """
-- segue: up items.weight = weight::integer{otherwise}
-- segue: down items.weight = weight::text
ALTER TABLE items ALTER COLUMN weight TYPE integer USING weight::integer;
"""
# The table without a key divides by zero in 20 rows.
_LOOSE = """
-- segue: up loose.share = 100 / parts
ALTER TABLE loose ADD COLUMN share integer;
"""


_FUNCTIONS = """SELECT string_agg(p.oid::regprocedure::text, ' ' ORDER BY p.oid::regprocedure::text)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'segue'"""


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, server):
    ground = _Ground(context, server)
    for promise in _PROMISES:
        with context.report.test(f"[{server.major}] {' '.join(promise.__doc__.split())}"):
            promise(ground)


class _Ground:
    def __init__(self, context, server):
        self.context = context
        self.server = server

    def fresh(self):
        database = self.server.create("stubborn")
        with self.server.connect(database) as connection:
            connection.execute(_SCHEMA)
        segue = self.context.segue.on(self.server, database)
        segue.must("init")
        return database, segue

    def file(self, name, sql):
        path = os.path.join(self.server.folder, name + ".sql")
        with open(path, "w") as file:
            file.write(sql)
        return path

    def run(self, database, sql):
        with self.server.connect(database, options="-csearch_path=public_base,public") as connection:
            connection.execute(sql)

    def value(self, database, sql, path="public"):
        with self.server.connect(database, options=f"-csearch_path={path}") as connection:
            return connection.value(sql)


def _held_up(segue, *command, fault=None):
    result = segue.run(*command, fault=fault)
    require(result.code == REFUSED and "the up of" in result.text, f"not held up by stubborn rows\n{result}")
    return result.text


def _listed(segue):
    return {row["key"]: row for row in segue.must("status", "--stubborn", "--json").json["stubborn"]}


def _mended(ground):
    """Three rows of 3,000 fail: the others get their new shape, these are named; mended through the old version, start goes on to the same end"""
    database, segue = ground.fresh()
    path = ground.file("items_integer", _ITEMS.format(otherwise=""))
    text = _held_up(segue, "start", path, "--pace", "100")
    require("(id) = (7)" in text and "3 rows" in text, text)
    require(segue.state() == "backfilling", segue.state())
    rows = _listed(segue)
    require(set(rows) == {f"(id) = ({number})" for number in _BAD}, str(rows))
    require(all(row["sqlstate"] == "22P02" and "invalid input syntax" in row["message"] for row in rows.values()), str(rows))
    require("invalid input syntax" in segue.must("status", "--stubborn").out, "no message")
    require("3 rows whose up fails" in segue.must("status").out, segue.must("status").out)
    require(ground.value(database, "SELECT count(*) FROM items WHERE _segue_1_weight = weight::integer"
                                   " AND id NOT IN (7, 1234, 2999)") == "2997", "other rows are not filled")
    for number, value in ((7, "70"), (1234, "71")):
        ground.run(database, f"UPDATE items SET weight = '{value}' WHERE id = {number}")
    text = _held_up(segue, "resume")
    require("1 row " in text and "(id) = (2999)" in text, text)
    ground.run(database, "DELETE FROM items WHERE id = 2999")
    segue.must("start", path)
    require(not _listed(segue), "rows are listed that are mended")
    segue.must("complete", "--force")
    require(ground.value(database, "SELECT sum(weight) FROM items WHERE id IN (7, 1234)") == "141", "wrong values")
    ground.server.drop(database)


def _old_version_goes_on(ground):
    """While rows are left, the old version reads and writes them as ever: also columns that up does not read"""
    database, segue = ground.fresh()
    _held_up(segue, "start", ground.file("items_integer", _ITEMS.format(otherwise="")), "--pace", "100")
    ground.run(database, "UPDATE items SET note = 'still written' WHERE id IN (7, 8, 1234)")
    require(ground.value(database, "SELECT count(*) FROM items WHERE note = 'still written'", "public_base") == "3", "not written")
    require(ground.value(database, "SELECT weight FROM items WHERE id = 7", "public_base") == "n/a", "changed")
    segue.must("rollback")
    require(ground.value(database, "SELECT weight FROM items WHERE id = 7") == "n/a", "changed by the way back")
    require(ground.value(database, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'items'::regclass AND attnum > 0"
                                   " AND NOT attisdropped") == "3", "hidden columns stay")
    ground.server.drop(database)


def _without_key(ground):
    """Rows of a table without a key are found by their place; when they are mended, another walk fills them"""
    database, segue = ground.fresh()
    path = ground.file("loose_share", _LOOSE)
    _held_up(segue, "start", path, "--pace", "100")
    rows = _listed(segue)
    require(len(rows) == 20 and all(key.startswith("(ctid) = (") and row["sqlstate"] == "22012" for key, row in rows.items()), str(rows))
    require(ground.value(database, "SELECT count(*) FROM loose WHERE _segue_1_share = 100 / nullif(parts, 0)") == "980", "not filled")
    ground.run(database, "UPDATE loose SET weight = weight || ' moved' WHERE parts = 0")
    _held_up(segue, "resume")
    require(len(_listed(segue)) == 20, "moved rows are lost")
    ground.run(database, "UPDATE loose SET parts = 100 WHERE parts = 0")
    segue.must("resume", "--pace", "100")
    segue.must("complete", "--force")
    require(ground.value(database, "SELECT count(*) FROM loose WHERE share = 100 / parts") == "1000", "wrong values")
    ground.server.drop(database)


def _values_stay_out(ground):
    """No value of such a row reaches the events, the migration's message or what start prints"""
    database, segue = ground.fresh()
    text = _held_up(segue, "start", ground.file("items_integer", _ITEMS.format(otherwise="")), "--pace", "100")
    text += segue.must("status", "--json").out
    text += ground.value(database, "SELECT coalesce(string_agg(e::text, ' '), '') FROM segue.events e") or ""
    text += ground.value(database, "SELECT coalesce(string_agg(message, ' '), '') FROM segue.migrations") or ""
    for value in _BAD.values():
        require(value not in text, f"{value} is in\n{text}")
    require("secret-value" in segue.must("status", "--stubborn").out, "status --stubborn does not say what the server said")
    ground.server.drop(database)


def _killed(ground):
    """Killed, failing and cut off at the chunks with such rows, the list is the same and nothing is done twice"""
    database, segue = ground.fresh()
    path = ground.file("items_integer", _ITEMS.format(otherwise=""))
    plan = segue.must("plan", path, "--json").json
    step = next(step["id"] for step in find_key(plan, "steps") if step["phase"] == "backfill" and step["kind"] == "walk")
    for fault in (f"{step}/chunk-1:before:kill", f"{step}/chunk-1:after:kill", f"{step}/chunk-2:after:error",
                  f"{step}/chunk-3:before:drop-connection", f"{step}/chunk-4:after:kill"):
        segue.run("start", path, "--pace", "100", fault=fault)
    _held_up(segue, "start", path, "--pace", "100")
    require(set(_listed(segue)) == {f"(id) = ({number})" for number in _BAD}, str(_listed(segue)))
    ground.run(database, "UPDATE items SET weight = '1' WHERE id IN (7, 1234, 2999)")
    segue.must("start", path)
    segue.must("complete", "--force")
    require(ground.value(database, "SELECT sum(weight) FROM items") == str(3000 * 3001 // 2 - 7 - 1234 - 2999 + 3), "wrong values")
    ground.server.drop(database)


def _otherwise(ground):
    """`otherwise` gives such rows its value, in the backfill and in what the old version writes later; nothing is left, verify agrees"""
    database, segue = ground.fresh()
    functions = ground.value(database, _FUNCTIONS)
    segue.must("start", ground.file("items_otherwise", _ITEMS.format(otherwise=" otherwise -1")), "--pace", "100")
    seen = "SELECT string_agg(weight::text, ',' ORDER BY id) FROM items WHERE id IN (7, 8, 1234)"
    require(ground.value(database, seen, "public_items_otherwise,public") == "-1,8,-1", "wrong values for the new version")
    require(ground.value(database, seen, "public_base,public") == "n/a,8,secret-value", "wrong values for the old version")
    ground.run(database, "INSERT INTO items VALUES (5000, 'heavy'); UPDATE items SET weight = 'light' WHERE id = 8;"
                         " UPDATE items SET weight = '99' WHERE id = 7")
    require(ground.value(database, "SELECT string_agg(weight::text, ',' ORDER BY id) FROM items WHERE id IN (7, 8, 5000)",
                         "public_items_otherwise,public") == "99,-1,-1", "wrong values of later writes")
    segue.must("verify", "--pace", "100")
    require(not _listed(segue), "rows are listed")
    segue.must("complete", "--force")
    require(ground.value(database, "SELECT count(*) FROM items WHERE weight = -1") == "4", "wrong values in the end")
    require(ground.value(database, _FUNCTIONS) == functions, "functions stay")
    ground.server.drop(database)


def _too_many(ground):
    """More than a thousand such rows are no matter of rows: start says so and stops"""
    database, segue = ground.fresh()
    ground.run(database, "UPDATE items SET weight = 'kg' WHERE id > 1000")
    text = _held_up(segue, "start", ground.file("items_integer", _ITEMS.format(otherwise="")), "--pace", "100")
    require("more than 1000 rows" in text, text)
    segue.must("rollback")
    ground.server.drop(database)


_PROMISES = [_mended, _old_version_goes_on, _without_key, _values_stay_out, _killed, _otherwise, _too_many]
