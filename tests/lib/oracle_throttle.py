"""The throttle: a signal that is bad slows the walk or makes it rest, and the reason is told; when it is good again the walk goes on
to its end. Nothing here asserts how long anything takes: each test waits for a condition."""

import os
import signal
import subprocess
import threading
import time

from . import server as servers, standby
from .program import REFUSED, RESUMABLE, USAGE
from .report import Failure, require
from .traffic import wait_until

_ROWS = 20_000  # twice of what is worth watching
_TABLE = """
CREATE TABLE people (
    id bigint PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL
) WITH (autovacuum_enabled = false);
INSERT INTO people SELECT i, 'First' || i, 'Last' || i FROM generate_series(1, %d) i;
CREATE TABLE brake (n integer);
INSERT INTO brake VALUES (1);
ANALYZE;
""" % _ROWS
_MIGRATION = """
-- segue: up   people.full_name = first_name || ' ' || last_name
-- segue: down people.first_name = split_part(full_name, ' ', 1)
-- segue: down people.last_name = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE people ADD COLUMN full_name text NOT NULL;
ALTER TABLE people DROP COLUMN first_name, DROP COLUMN last_name;
"""
_PATIENCE = 180  # seconds, on the most crowded of machines


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
        self.migration = os.path.join(server.folder, "people_throttled.sql")
        with open(self.migration, "w") as file:
            file.write(_MIGRATION)

    def fresh(self, on=None):
        on = on or self.server
        database = on.create("throttled")
        with on.connect(database) as connection:
            connection.execute(_TABLE)
        segue = self.context.segue.on(on, database)
        segue.must("init")
        return database, segue


class _Run:
    """segue start in the background, with its words in a file. It ends with the with block."""

    def __init__(self, ground, segue, *arguments, command="start"):
        self.segue = segue
        self.words = os.path.join(ground.server.folder, f"words-{id(self)}")
        files = (ground.migration,) if command == "start" else ()
        with open(self.words, "wb") as out:
            self.process = subprocess.Popen([segue.path, command, *files, *arguments], stdout=out, stderr=out,
                                            stdin=subprocess.DEVNULL, env=segue.environment())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def said(self):
        with open(self.words, errors="replace") as file:
            return file.read()

    def throttle(self):
        """What status says of the throttle, or an empty answer."""
        require(self.process.poll() is None, f"it has ended by itself:\n{self.said()}")
        about = self.segue.run("status", "--json")
        return (about.json.get("throttle") or {}) if about.code == 0 else {}

    def wait_for(self, what, condition):
        """Until status says it; the last answer."""
        last = {}

        def seen():
            last.clear()
            last.update(self.throttle())
            return bool(last) and condition(last)
        try:
            wait_until(seen, what, _PATIENCE)
        except Failure as failure:
            raise Failure(f"{failure}\n{last}\n{self.said()[-2000:]}") from None
        return last

    def wait_for_reason(self, part, resting):
        return self.wait_for(f"the reason: {part}", lambda about: part in (about["reason"] or "")
                             and about["resting"] == resting)

    def measured(self):
        self.wait_for("the baseline", lambda about: not about["measuring"])

    def ends_well(self):
        require(self.process.wait(_PATIENCE) == 0, f"exit {self.process.returncode}\n{self.said()[-3000:]}")

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        require(self.process.wait(_PATIENCE) == RESUMABLE, f"exit {self.process.returncode}\n{self.said()[-2000:]}")


def _rows_done(segue):
    step = segue.must("status", "--json").json.get("step") or {}
    return step.get("walk", {}).get("rows_done", 0)


def _require_filled(ground, database, on=None):
    with (on or ground.server).connect(database) as connection:
        wrong = connection.value("SELECT count(*) FROM public_people_throttled.people"
                                 " WHERE full_name IS DISTINCT FROM 'First' || id || ' Last' || id")
    require(wrong == "0", f"{wrong} rows are wrong")


def _query(ground):
    """While --throttle-query is above 0 the walk rests before its first row and says so; at 0 it goes on"""
    database, segue = ground.fresh()
    with _Run(ground, segue, "--throttle-query", "SELECT n FROM brake") as run:
        run.wait_for_reason("--throttle-query says 1", resting=True)
        require(_rows_done(segue) == 0, "rows were filled")
        require("resting: --throttle-query says 1" in run.said(), run.said())
        text = segue.must("status").out
        require("rests: --throttle-query says 1" in text, text)
        with ground.server.connect(database) as connection:
            connection.execute("UPDATE brake SET n = 0")
        run.ends_well()
        require("going on" in run.said(), run.said())
    _require_filled(ground, database)
    require(segue.must("status", "--json").json["throttle"] is None, "a throttle is told of when nothing runs")
    ground.server.drop(database)


def _unusable_query(ground):
    """A --throttle-query that cannot be asked, and one that gives no number, are refused before anything is touched"""
    database, segue = ground.fresh()
    for query, why in (("SELECT n FROM no_such_table", "no_such_table"), ("SELECT 'much'", "neither a number"),
                       ("SELECT n FROM brake WHERE false", "no value")):
        result = segue.run("start", ground.migration, "--throttle-query", query)
        require(result.code == REFUSED and why in result.err and "--throttle-query cannot be used" in result.err,
                str(result))
    require(segue.must("status", "--json").json["migration"] is None, "a migration was stored")
    for arguments in (("--window", "25:00-26:00"), ("--max-p95", "0.9"), ("--max-p95", "fast"), ("--max-lag", "long")):
        result = segue.run("start", ground.migration, *arguments)
        require(result.code == USAGE, str(result))
    ground.server.drop(database)


def _query_that_fails_later(ground):
    """A --throttle-query that fails while the walk rests or works counts as bad: it rests, and says why once"""
    database, segue = ground.fresh()
    with _Run(ground, segue, "--throttle-query", "SELECT n FROM brake") as run:
        run.wait_for_reason("--throttle-query says 1", resting=True)
        with ground.server.connect(database) as connection:
            connection.execute("ALTER TABLE brake RENAME TO broken")
            run.wait_for_reason("--throttle-query cannot be read", resting=True)
            connection.execute("ALTER TABLE broken RENAME TO brake; UPDATE brake SET n = -1")
        run.ends_well()
        said = run.said().count("--throttle-query cannot be read, so segue goes slowly")
        require(said == 1, f"said {said} times:\n{run.said()}")
    _require_filled(ground, database)
    ground.server.drop(database)


def _window(ground):
    """Outside its windows the walk rests and says when the next one opens; interrupted, it goes on without them"""
    database, segue = ground.fresh()
    hour = time.gmtime().tm_hour
    window = f"{(hour + 20) % 24:02d}:00-{(hour + 22) % 24:02d}:00 UTC"
    with _Run(ground, segue, "--window", window) as run:
        run.wait_for_reason("the window opens in", resting=True)
        require(_rows_done(segue) == 0, "rows were filled")
        run.interrupt()
    within = f"{(hour + 23) % 24:02d}:00-{(hour + 2) % 24:02d}:00,{window}"
    with _Run(ground, segue, "--window", within, command="resume") as run:
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _lock_waits(ground):
    """Sessions that wait for a lock slow the walk to the least, and are told; it goes on when they have it"""
    database, segue = ground.fresh()
    with _Run(ground, segue, "--pace", "2") as run:
        run.measured()
        with ground.server.connect(database) as holder, ground.server.connect(database) as waiter:
            holder.execute("BEGIN; LOCK TABLE brake")
            waiter.send("SELECT * FROM brake")
            about = run.wait_for_reason("wait for locks", resting=False)
            require(about["duty"] <= 0.0011, f"duty {about['duty']}")
            require(about["signals"]["lock_waits"]["value"] == 1, f"{about}")
            holder.execute("ROLLBACK")
            waiter.finish()
        run.wait_for("the pace again", lambda about: about["duty"] > 0.015)
        run.interrupt()
    with _Run(ground, segue, command="resume") as run:
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _statements(ground):
    """Where statements take longer than --max-p95 while others are at work, the walk is slowed to the least and says which;
    when nobody is at work any more, it goes on at full speed"""
    database, segue = ground.fresh()
    stop = threading.Event()

    def work():
        with ground.server.connect(database) as connection:
            while not stop.wait(0.05):
                connection.execute("SELECT n FROM brake")
    other = threading.Thread(target=work)
    other.start()
    try:
        with _Run(ground, segue, "--max-p95", "0.01ms") as run:
            about = run.wait_for("the least", lambda about: about["duty"] and about["duty"] <= 0.0011)
            require("takes" in about["reason"] and "at most 0.01 ms" in about["reason"], f"{about}")
            require(not about["quiet"], f"{about}")
            stop.set()
            other.join()
            run.ends_well()
    finally:
        stop.set()
        other.join()
    _require_filled(ground, database)
    ground.server.drop(database)


def _hidden(ground):
    """What a role may not read slows the walk and is told once; what it is granted is read"""
    database, segue = ground.fresh()
    with ground.server.connect(database) as connection:
        connection.execute("DROP ROLE IF EXISTS throttled_runner")
        connection.execute("CREATE ROLE throttled_runner LOGIN")
        connection.execute(f"ALTER DATABASE {database} OWNER TO throttled_runner")
        connection.execute("DROP SCHEMA segue CASCADE; DROP SCHEMA public_base")
        connection.execute("ALTER TABLE people OWNER TO throttled_runner; ALTER SCHEMA public OWNER TO throttled_runner")
        connection.execute("REVOKE SELECT ON pg_stat_replication FROM PUBLIC")
        segue = ground.context.segue.on(ground.server, database, "throttled_runner")
        with _Run(ground, segue) as run:
            run.wait_for("the slow pace", lambda about: not about["measuring"] and 0 < about["duty"] <= 0.0101
                         and "cannot be read" in (about["reason"] or ""))
            for part in ("replication lag cannot be read, so segue goes slowly: permission denied",
                         "active sessions cannot be read, so segue goes slowly: 1 session is hidden from this role"):
                require(run.said().count(part) == 1, f"{part}\n{run.said()}")
            connection.execute("GRANT SELECT ON pg_stat_replication TO PUBLIC; GRANT pg_read_all_stats TO throttled_runner")
            run.ends_well()
        connection.execute("REVOKE pg_read_all_stats FROM throttled_runner")
    _require_filled(ground, database)
    ground.server.drop(database)


def _pause(ground):
    """segue pause holds a walk that the throttle lets go, and resume lets it go on"""
    database, segue = ground.fresh()
    with _Run(ground, segue, "--pace", "2") as run:
        wait_until(lambda: _rows_done(segue) > 0, "the first rows", _PATIENCE)
        segue.must("pause")
        wait_until(lambda: "paused" in run.said(), "the pause", _PATIENCE)
        done = _rows_done(segue)
        run.wait_for("readings during the pause", lambda about: about["at"])
        require(_rows_done(segue) == done, "rows were filled during the pause")
        segue.must("resume")
        wait_until(lambda: _rows_done(segue) > done, "more rows", _PATIENCE)
        run.interrupt()
    segue.must("start", ground.migration, timeout=_PATIENCE)
    _require_filled(ground, database)
    ground.server.drop(database)


def _vacuum(ground):
    """What an in-place walk leaves behind is vacuumed when it is much, and its room used again"""
    database, segue = ground.fresh()
    result = segue.must("start", ground.migration, timeout=_PATIENCE)
    require("vacuumed public.people" in result.text, str(result))
    with ground.server.connect(database) as connection:
        vacuums = connection.value("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'people'")
        pages = "SELECT pg_relation_size('people')"
        before = connection.value(pages)
        connection.execute("UPDATE people SET first_name = first_name WHERE id % 3 = 0")
        after = connection.value(pages)
    require(vacuums == "1", f"{vacuums} vacuums")
    require(before == after, f"{before} bytes before, {after} after: the room was not free")
    ground.server.drop(database)


def _lost_session(ground):
    """When the watching session is lost, the walk goes slowly until there is another one, and ends well"""
    database, segue = ground.fresh()
    with _Run(ground, segue, "--throttle-query", "SELECT n FROM brake") as run:
        run.wait_for_reason("--throttle-query says 1", resting=True)
        with ground.server.connect(database) as connection:
            connection.execute("UPDATE brake SET n = 0")
            ended = connection.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                     " WHERE application_name = 'segue' AND query LIKE '%segue.probes%'"
                                     " OR application_name = 'segue' AND query LIKE '%brake%'"
                                     " OR application_name = 'segue' AND query LIKE '%segue.throttle%'"
                                     " OR application_name = 'segue' AND query LIKE '%pg_stat_replication%'"
                                     " OR application_name = 'segue' AND query LIKE '%ctid%'")
        require(int(ended) >= 1, "no session was found")
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _lag(ground):
    """While a standby is further behind than --max-lag the walk rests and says how far; when it has caught up, it goes on"""
    if not standby.can_be_made(ground.server.bin_dir):
        return
    primary = servers.Server(ground.server.bin_dir, {"wal_level": "replica", "max_wal_senders": "4"})
    try:
        with standby.Standby(primary) as other:
            wait_until(other.streams, "the standby streams", _PATIENCE)
            database, segue = ground.fresh(primary)
            other.stop_replay()
            with _Run(ground, segue, "--max-lag", "1s") as run:
                about = run.wait_for_reason("a standby is", resting=True)
                require(about["signals"]["lag"]["value"] >= 1, f"{about}")
                other.go_on()
                run.ends_well()
            _require_filled(ground, database, primary)
    finally:
        primary.stop()


_PROMISES = [_unusable_query, _query, _query_that_fails_later, _window, _lock_waits, _statements, _hidden, _pause,
             _vacuum, _lost_session, _lag]
