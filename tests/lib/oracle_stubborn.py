"""Rows whose up fails: they do not stop the backfill, are listed with key and error, and hold start up until they are mended; the old version goes
on with them meanwhile. `otherwise` gives them a value."""

import time

from .program import REFUSED, find_key, peak_memory_kb
from .promises import Ground, promise_all
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
    for strategy, promises in ((None, _PROMISES), ("in-place", _EITHER_WAY), ("rebuild", _EITHER_WAY + _REBUILT)):
        ground = _Ground(context, server, strategy)
        way = f" ({strategy})" if strategy else ""
        promise_all(context, server, promises, ground, way=way)


class _Ground(Ground):
    def __init__(self, context, server, strategy):
        super().__init__(context, server)
        self.strategy = strategy

    def fresh(self):
        database, segue = self.made("stubborn", _SCHEMA)
        if self.strategy:
            segue.wishes = ("--strategy", self.strategy)
        return database, segue

    def run(self, database, *statements, path="public_base,public"):
        super().run(database, *statements, path=path)


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
    # The latest table of that name is the one that gets the new shape: the table itself, or its copy.
    filled = ground.value(database, "SELECT max(oid)::regclass FROM pg_class WHERE relname = 'items' AND relkind = 'r'")
    require(ground.value(database, f"SELECT count(*) FROM {filled}"
                                   " WHERE _segue_1_weight = weight::integer"
                                   " AND id NOT IN (7, 1234, 2999)") == "2997", "other rows are not filled")
    result = segue.run("complete", "--force")
    require(result.code == REFUSED, f"complete is not refused\n{result}")
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
    old = "public_base,public"
    require(ground.value(database, "SELECT count(*) FROM items WHERE note = 'still written'", old) == "3", "not written")
    require(ground.value(database, "SELECT weight FROM items WHERE id = 7", old) == "n/a", "changed")
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


def _million(ground):
    """A million rows that all fail: start stops at the thousandth, in seconds and in the memory that it always needs"""
    database, segue = ground.fresh()
    ground.run(database, "INSERT INTO items SELECT i, 'kg', NULL FROM generate_series(10000, 1009999) i; ANALYZE items")
    process = segue.start("start", ground.file("items_integer", _ITEMS.format(otherwise="")), "--max-p95", "off", "--pace", "100")
    memory = 0
    while process.poll() is None:
        memory = max(memory, peak_memory_kb(process.pid))
        time.sleep(0.02)
    out, err = process.communicate()
    text = (out + err).decode(errors="replace")
    require(process.returncode == REFUSED and "more than 1000 rows" in text, text)
    require(0 < memory < 32 * 1024, f"{memory} kB")
    # Sessions side by side do not see each other's last few.
    require(0 < len(_listed(segue)) <= 1000 + 2 * 16, f"{len(_listed(segue))} are listed")
    segue.must("rollback")
    ground.server.drop(database)


def _others_after_mended(ground):
    """When a thousand rows have failed, some are mended and others fail, the mended ones do not count any more"""
    database, segue = ground.fresh()
    ground.run(database, "UPDATE items SET weight = 'kg' WHERE id BETWEEN 1001 AND 2500")
    path = ground.file("items_integer", _ITEMS.format(otherwise=""))
    require("more than 1000 rows" in _held_up(segue, "start", path, "--pace", "100"), "not too many")
    ground.run(database, "UPDATE items SET weight = '1' WHERE id BETWEEN 1001 AND 1900 OR id = 7")
    text = _held_up(segue, "resume", "--pace", "100")
    require("the up of 601 rows" in text, text)
    require(len(_listed(segue)) == 601, f"{len(_listed(segue))} are listed")
    ground.server.drop(database)


def _split(ground):
    """A row at which the copy of a split fails is left and listed, too; mended or deleted through the old version, the walk goes on to its end"""
    database, segue = ground.fresh()
    path = ground.file("weights", """
-- segue: copy weights from items: item_id = id, grams = weight::integer key (item_id)
-- segue: back items from weights: weight = grams::text
-- segue: down items.weight = ''
CREATE TABLE weights (item_id integer PRIMARY KEY REFERENCES items ON DELETE CASCADE, grams integer);
ALTER TABLE items DROP COLUMN weight;
""")
    text = _held_up(segue, "start", path, "--pace", "100")
    require("3 rows" in text and set(_listed(segue)) == {f"(id) = ({number})" for number in _BAD}, text)
    ground.run(database, "UPDATE items SET note = 'still written' WHERE id IN (7, 1234); UPDATE items SET weight = '70' WHERE id = 7;"
                         " DELETE FROM items WHERE id = 2999")
    require("1 row " in _held_up(segue, "resume"), "the row that is not mended")
    ground.run(database, "UPDATE items SET weight = '71' WHERE id = 1234")
    segue.must("resume")
    segue.must("complete", "--force")
    require(ground.value(database, "SELECT count(*) || ' ' || sum(grams) FROM weights")
            == f"2999 {3000 * 3001 // 2 - 7 + 70 - 1234 + 71 - 2999}", "wrong values")
    ground.server.drop(database)


def _meanwhile(ground):
    """While rows are left, the old version writes more of them, mends some, moves one to another key and deletes one: resume knows each"""
    database, segue = ground.fresh()
    path = ground.file("items_integer", _ITEMS.format(otherwise=""))
    _held_up(segue, "start", path, "--pace", "100")
    ground.run(database, "INSERT INTO items VALUES (4000, 'heavy', 'x'), (4001, '17', 'x'); UPDATE items SET weight = 'light' WHERE id = 8;"
                         " UPDATE items SET weight = '70' WHERE id = 7; UPDATE items SET id = 4002 WHERE id = 1234;"
                         " DELETE FROM items WHERE id = 2999")
    text = _held_up(segue, "resume")
    require("3 rows" in text, text)
    require(set(_listed(segue)) == {"(id) = (4000)", "(id) = (8)", "(id) = (4002)"}, str(_listed(segue)))
    ground.run(database, "UPDATE items SET weight = id::text WHERE id IN (4000, 8, 4002)")
    segue.must("resume")
    require(not _listed(segue), "rows are listed that are mended")
    segue.must("complete", "--force")
    require(ground.value(database, "SELECT count(*) || ' ' || sum(weight) FROM items")
            == f"3001 {3000 * 3001 // 2 - 7 + 70 - 1234 - 2999 + 4000 + 17 + 4002}", "wrong values")
    ground.server.drop(database)


def _at_the_swap(ground):
    """A row that is written at the last moment, when everything else is done, holds the swap up and is named; nothing is taken back"""
    database, segue = ground.fresh()
    ground.run(database, "UPDATE items SET weight = '1' WHERE id IN (7, 1234, 2999)")
    path = ground.file("items_integer", _ITEMS.format(otherwise=""))
    plan = segue.must("plan", path, "--json").json
    swap = next(step["id"] for step in find_key(plan, "steps") if step["id"].endswith("/swap"))
    segue.run("start", path, "--pace", "100", fault=f"{swap}:before:kill")
    ground.run(database, "INSERT INTO items VALUES (4000, 'heavy', 'x')")
    text = _held_up(segue, "start", path)
    require("(id) = (4000)" in text and "1 row " in text, text)
    ground.run(database, "UPDATE items SET weight = '2' WHERE id = 4000")
    segue.must("resume")
    require(ground.value(database, "SELECT weight FROM items WHERE id = 4000", "public_items_integer") == "2", "wrong value")
    ground.server.drop(database)


def _emptied(ground):
    """TRUNCATE while rows are left, and other rows after it: what the table holds then is what counts"""
    database, segue = ground.fresh()
    path = ground.file("items_integer", _ITEMS.format(otherwise=""))
    _held_up(segue, "start", path, "--pace", "100")
    with ground.server.connect(database) as connection:
        connection.execute("TRUNCATE items; INSERT INTO items VALUES (1, '1', 'x'), (2, 'two', 'x')")
    _held_up(segue, "resume")
    require(set(_listed(segue)) == {"(id) = (2)"}, str(_listed(segue)))
    ground.run(database, "UPDATE items SET weight = '2' WHERE id = 2")
    segue.must("resume")
    require(ground.value(database, "SELECT sum(weight) FROM items", "public_items_integer") == "3", "wrong values")
    ground.server.drop(database)


_PROMISES = [_without_key, _otherwise, _others_after_mended, _split]
_EITHER_WAY = [_mended, _old_version_goes_on, _values_stay_out, _killed, _too_many, _million]
_REBUILT = [_meanwhile, _at_the_swap, _emptied]
