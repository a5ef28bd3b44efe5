"""segue verify: differences planted in every kind of table are found, named and repaired; a pass counts for as long as nothing makes it
stale, and complete demands one that does."""

import json
import subprocess
import time

from .program import DATABASE, REFUSED, RESUMABLE, find_key
from .promises import Ground, promise_all
from .report import require
from .traffic import wait_until

_ROWS = 30000

_SCHEMA = f"""
CREATE TABLE people (id bigint PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, age integer);
INSERT INTO people SELECT i, 'First' || i, 'Last' || i, i % 90 FROM generate_series(1, {_ROWS}) i;
CREATE TABLE seats ("row" text NOT NULL, number smallint NOT NULL, price integer NOT NULL, PRIMARY KEY ("row", number));
INSERT INTO seats SELECT chr(65 + i % 26), i / 26, i FROM generate_series(1, 2600) i;
CREATE TABLE marks (at timestamp, points integer);
INSERT INTO marks SELECT now(), i FROM generate_series(1, 3000) i;
CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, street text, town text);
INSERT INTO users SELECT i, 'User ' || i, 'Street ' || i, 'Town ' || i FROM generate_series(1, 1000) i;
"""

_MIGRATION = """
-- segue: up people.full_name = first_name || ' ' || last_name
-- segue: down people.first_name = split_part(full_name, ' ', 1)
-- segue: down people.last_name = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE people ADD COLUMN full_name text NOT NULL;
ALTER TABLE people DROP COLUMN first_name, DROP COLUMN last_name;
-- segue: up seats.price = price * 100
-- segue: down seats.price = (price / 100)::integer
ALTER TABLE seats ALTER COLUMN price TYPE bigint;
-- segue: up marks.points = points
-- segue: down marks.points = points
ALTER TABLE marks ALTER COLUMN points TYPE bigint;
-- segue: copy addresses from users: user_id = id, street = street, town = town key (user_id)
CREATE TABLE addresses (user_id integer PRIMARY KEY REFERENCES users ON DELETE CASCADE, street text, town text);
ALTER TABLE users DROP COLUMN street, DROP COLUMN town;
"""

# What goes past the triggers leaves the shapes apart.
_PAST = "SET segue.mending = 'on'; SET segue.copying = 'on'; "


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)
        yield lambda server=server: _scenarios(context, server)


def _all(context, server):
    ground = _Ground(context, server)
    promise_all(context, server, _PROMISES, ground)


def _scenarios(context, server):
    """Every kind of change is compared without a false difference."""
    for _, scenario in context.chosen(server, 8):
        with context.report.test(f"[{server.major}] verify finds no difference: {scenario.name}"):
            stage = context.stage(server, scenario)
            database = stage.fresh()
            segue = context.segue.on(server, database)
            segue.must("start", stage.migration)
            segue.must("verify", "--pace", "100", "--jobs", "2")
            server.drop(database)


class _Ground(Ground):
    """Databases with a migration that is live; a template is made once."""

    def __init__(self, context, server):
        super().__init__(context, server)
        self._live = None
        self.migration = self.file("verified", _MIGRATION)

    def live(self):
        if not self._live:
            self._live = self.server.create("verified")
            with self.server.connect(self._live) as connection:
                connection.execute(_SCHEMA)
            self.context.segue.on(self.server, self._live).must("start", self.migration, "--pace", "100")
        database = self.server.create("verified", template=self._live)
        return database, self.context.segue.on(self.server, database)


def _verify(segue, *more, code=0, fault=None):
    result = segue.run("verify", "--json", "--pace", "100", *more, fault=fault)
    require(result.code == code, str(result))
    return result.json["passes"][-1] if code in (0, 1) else result


def _named(found):
    return {(entry["table"], entry["key"]) for entry in found["list"]}


def _counts(segue):
    return find_key(segue.must("status", "--json").json, "verified")["counts"]


def _refused(segue, words):
    result = segue.run("complete", "--force")
    require(result.code == REFUSED and words in result.text, f"not refused with: {words}\n{result}")


def _start_counts(ground):
    """The comparison at the end of start is a complete pass: status shows it, and complete needs no other"""
    database, segue = ground.live()
    verified = find_key(segue.must("status", "--json").json, "verified")
    require(verified["counts"] and verified["complete"]["kind"] == "start", str(verified))
    require(verified["complete"]["rows"] >= _ROWS, str(verified))
    require("verified" in segue.must("status").out, "status does not show it")
    segue.must("complete", "--force")
    ground.server.drop(database)


def _planted(ground):
    """A planted difference is found and named with its key and both shapes, in tables with a key, with a key of two columns, without a
    key, and split; by one session and by four"""
    database, segue = ground.live()
    ground.run(database, _PAST + "UPDATE people SET first_name = 'Planted' WHERE id = 23456")
    ground.run(database, _PAST + "UPDATE seats SET price = -1 WHERE \"row\" = 'C' AND number = 17")
    ground.run(database, _PAST + "UPDATE marks SET points = -5 WHERE points = 1234")
    ground.run(database, _PAST + "UPDATE users SET town = 'Planted' WHERE id = 77")
    place = ground.value(database, "SELECT ctid FROM marks WHERE points = -5")
    wanted = {("public.people", "(id) = (23456)"), ("public.seats", '("row", number) = (C, 17)'),
              ("public.marks", f"(ctid) = ({place})"), ("public.users", "(id) = (77)")}
    for jobs in ("1", "4"):
        found = _verify(segue, "--jobs", jobs, code=1)
        named = {entry for entry in _named(found) if entry[0] != "public.addresses"}
        require(named == wanted, f"{named} instead of {wanted}")
        shapes = {entry["table"]: (entry["old"], entry["new"]) for entry in found["list"]}
        require("Planted" in shapes["public.people"][0] and "First23456 Last23456" in shapes["public.people"][1],
                str(shapes))
        require("Planted" in shapes["public.users"][0] and "Town 77" in shapes["public.users"][1], str(shapes))
    text = segue.run("verify").out
    require("(id) = (23456)" in text and "Planted" in text and "rows differ" in text, text)
    _refused(segue, "differed when they were last compared")
    require(not _counts(segue), "status says that it counts")
    segue.must("complete", "--force", "--unverified")
    ground.server.drop(database)


def _repaired(ground):
    """--repair makes the one side from the other and touches nothing else; complete is possible again"""
    database, segue = ground.live()
    for side, first, full in (("old", "Planted", "Planted Last5"), ("new", "First6", "First6 Last6")):
        row = 5 if side == "old" else 6
        before = ground.value(database, "SELECT count(*) FROM people WHERE xmin IS NOT NULL")
        ground.run(database, _PAST + f"UPDATE people SET first_name = 'Planted' WHERE id = {row}")
        others = ground.value(database, f"SELECT md5(string_agg(p::text || xmin::text, '' ORDER BY id)) FROM people p WHERE id <> {row}")
        found = _verify(segue, "--repair", side)
        require(found["differences"] == 1 and found["repaired"] == 1, str(found))
        values = ground.value(database, f"SELECT first_name || '|' || _segue_1_full_name FROM people WHERE id = {row}")
        require(values == f"{first}|{full}", values)
        require(others == ground.value(
            database, f"SELECT md5(string_agg(p::text || xmin::text, '' ORDER BY id)) FROM people p WHERE id <> {row}"),
            "other rows were touched")
        require(before == ground.value(database, "SELECT count(*) FROM people"), "rows came or went")
    require(_counts(segue), "the pass that repaired does not count")
    segue.must("complete", "--force")
    ground.server.drop(database)


def _not_to_be_repaired(ground):
    """A difference that cannot be repaired stays a difference: exit 1, and complete is refused"""
    database, segue = ground.live()
    ground.run(database, _PAST + "UPDATE users SET town = 'Planted' WHERE id = 77")
    found = _verify(segue, "--repair", "old", code=1)
    require(found["differences"] > 0 and found["repaired"] == 0, str(found))
    _refused(segue, "differed when they were last compared")
    # Either version may mend it.
    ground.run(database, "SET search_path = public_base, public; UPDATE users SET town = 'Mended' WHERE id = 77")
    _verify(segue)
    segue.must("complete", "--force")
    ground.server.drop(database)


def _stale(ground):
    """A pass does not count any more when the triggers were off in between, or a function was replaced; a new pass does"""
    database, segue = ground.live()
    ground.run(database, "ALTER TABLE people DISABLE TRIGGER USER")
    _refused(segue, "is switched off")
    ground.run(database, "UPDATE people SET first_name = 'Planted' WHERE id = 3")
    triggers = ground.value(database, "SELECT string_agg(format('ENABLE ALWAYS TRIGGER %I', tgname), ', ') FROM pg_trigger"
                                      " WHERE tgrelid = 'people'::regclass AND NOT tgisinternal")
    ground.run(database, f"ALTER TABLE people {triggers}")
    _refused(segue, "was changed since they were last compared")
    require("stale" in segue.must("status").out, "status does not say that it is stale")
    require(_named(_verify(segue, code=1)) == {("public.people", "(id) = (3)")}, "not found")
    _verify(segue, "--repair", "new")
    require(_counts(segue), "the new pass does not count")
    definition = ground.value(database, "SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
                                        " WHERE nspname = 'segue' AND proname LIKE 'up%people%'")
    ground.run(database, definition)
    _refused(segue, "was changed since they were last compared")
    _verify(segue)
    segue.must("complete", "--force")
    ground.server.drop(database)


def _killed(ground):
    """A pass that is killed, fails or loses its connection counts for nothing, but what it has found counts; the next pass is whole"""
    database, segue = ground.live()
    for kind, code in (("kill", -9), ("error", DATABASE), ("drop-connection", DATABASE)):
        result = segue.run("verify", "--pace", "100", fault=f"verify/people/chunk-3:before:{kind}")
        require(result.code == code, str(result))
        require(find_key(segue.must("status", "--json").json, "verified")["complete"]["kind"] == "start",
                "a pass that was cut off counts")
        require(_counts(segue), "a pass that was cut off and found nothing makes the one before stale")
    ground.run(database, _PAST + "UPDATE people SET first_name = 'Planted' WHERE id = 1")
    segue.run("verify", "--pace", "100", "--chunk-time", "1ms", fault="verify/users/chunk-1:before:kill")
    _refused(segue, "differed when they were last compared")
    _verify(segue, "--repair", "old")
    segue.must("complete", "--force")
    ground.server.drop(database)


def _failing_row(ground):
    """A row at which the comparison itself fails is found by halving, and named with what the server says"""
    database, segue = ground.live()
    ground.run(database, "CREATE FUNCTION public.strict_sum(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS"
                         " 'BEGIN IF $1 < 0 THEN RAISE division_by_zero; END IF; RETURN $1; END'")
    ground.run(database, "CREATE OR REPLACE FUNCTION segue.fail_of(price integer) RETURNS bigint LANGUAGE sql AS"
                         " 'SELECT (public.strict_sum(price) * 100)::bigint'")
    name = ground.value(database, "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
                                  " WHERE nspname = 'segue' AND proname LIKE 'up%seats%'")
    ground.run(database, f'CREATE OR REPLACE FUNCTION segue."{name}"(price integer) RETURNS bigint LANGUAGE sql BEGIN ATOMIC'
                         " SELECT segue.fail_of(price); END")
    ground.run(database, _PAST + "UPDATE seats SET price = -1 WHERE \"row\" = 'C' AND number = 17")
    found = _verify(segue, code=1)
    require([(entry["key"], "division" in entry["error"]) for entry in found["list"]] == [('("row", number) = (C, 17)', True)],
            str(found))
    ground.server.drop(database)


def _watched(ground):
    """--watch goes on beside the writes of both versions without a false difference, and ends by itself after complete"""
    database, segue = ground.live()
    watching = segue.start("verify", "--watch", "--every", "0s", "--pace", "100", "--json")
    end = time.monotonic() + 4
    with ground.server.connect(database, options="-csearch_path=public_base,public") as old, \
            ground.server.connect(database, options="-csearch_path=public_verified,public") as new:
        at = 0
        while time.monotonic() < end:
            at += 1
            old.execute(f"UPDATE people SET first_name = 'Old{at}' WHERE id = {at * 7919 % _ROWS + 1};"
                        f" UPDATE users SET town = 'Old{at}' WHERE id = {at % 1000 + 1};"
                        f" INSERT INTO marks VALUES (now(), {at})")
            new.execute(f"UPDATE people SET full_name = 'New {at}' WHERE id = {at * 104729 % _ROWS + 1};"
                        f" UPDATE addresses SET street = 'New{at}' WHERE user_id = {at * 31 % 1000 + 1};"
                        f" UPDATE seats SET price = price + 100 WHERE number = {at % 90}")
    require(watching.poll() is None, "the watch ended by itself")
    segue.must("complete", "--force")
    out, err = watching.communicate(timeout=60)
    require(watching.returncode == 0, f"exit {watching.returncode}\n{(out + err).decode()}")
    passes = json.loads(out)["passes"]
    require(len(passes) >= 2 and all(found["differences"] == 0 for found in passes), str(passes))
    print(f"      {len(passes)} passes beside {at} transactions of each version")
    ground.server.drop(database)


def _watch_interrupted(ground):
    """A signal ends a watch with exit 0, and a single pass with exit 4"""
    database, segue = ground.live()
    for arguments, code in ((("verify", "--watch", "--every", "60s"), 0), (("verify", "--pace", "1", "--chunk-time", "200ms"), RESUMABLE)):
        process = segue.start(*arguments)
        wait_until(lambda: int(ground.value(database, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'segue verify'"
                                                      " AND datname = current_database()")), "it begins")
        process.terminate()
        try:
            out, err = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        require(process.returncode == code, f"{arguments}: exit {process.returncode}\n{(out + err).decode()}")
    ground.server.drop(database)


def _not_live(ground):
    """verify is refused where there are not two live versions"""
    database, segue = ground.live()
    segue.must("complete", "--force")
    result = segue.run("verify")
    require(result.code == REFUSED and "no migration is under way" in result.text, str(result))
    ground.server.drop(database)
    database = ground.server.create("verified")
    ground.run(database, _SCHEMA)
    segue = ground.context.segue.on(ground.server, database)
    plan = segue.must("plan", ground.migration, "--json").json
    step = next(step["id"] for step in find_key(plan, "steps") if step["phase"] == "verify")
    segue.run("start", ground.migration, fault=f"{step}:before:error")
    state = segue.state()
    result = segue.run("verify")
    require(state == "verifying" and result.code == REFUSED and "not both live" in result.text, f"{state}\n{result}")
    ground.server.drop(database)


_PROMISES = [_start_counts, _planted, _repaired, _not_to_be_repaired, _stale, _killed, _failing_row, _watched,
             _watch_interrupted, _not_live]
