"""The throttle: a signal that is bad slows the walk or makes it rest, and the reason is told; when it is good again the walk goes on
to its end. Nothing here asserts how long anything takes: each test waits for a condition, and what must not have ended
before that is held by a row lock or by the operator's query. The signals are the whole server's, so it has one of its own."""

import os
import signal
import subprocess
import threading
import time

from . import pq
from . import server as servers, standby
from .program import REFUSED, RESUMABLE, USAGE
from .promises import Ground, promise_all
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
# No probe ever takes that long, so that signals alone decide, however slow the machine is.
_SIGNALS_ALONE = ("--max-p95", "60s", "--lock-budget", "1h")
_BRAKE = ("--throttle-query", "SELECT n FROM brake")


def tasks(context):
    """They rest most of the time, so two servers of their own take turns on the first one's version; on others one in three."""
    first, *others = context.servers
    for part in range(2):
        yield lambda part=part: _some(context, first, context.further(first, _PROMISES[part::2], 3, slow=True))
    for server in others:
        yield lambda server=server: _some(context, server, _PROMISES[::3])


def _some(context, server, promises):
    own = servers.Server(server.bin_dir, {"shared_preload_libraries": "pg_stat_statements", "wal_level": "replica",
                                          "max_wal_senders": "4", "wal_sender_timeout": "0"})
    try:
        ground = _Ground(context, own)
        promise_all(context, own, promises, ground)
    finally:
        own.stop()


class _Ground(Ground):
    def __init__(self, context, server):
        super().__init__(context, server)
        self.migration = self.file("people_throttled", _MIGRATION)

    def fresh(self):
        return self.made("throttled", _TABLE)

    def of_a_runner(self):
        """A database whose tables a role without any rights of its own owns; the role is throttled_runner."""
        database = self.server.create("throttled")
        with self.server.connect(database) as connection:
            connection.execute(_TABLE)
            connection.execute("DROP ROLE IF EXISTS throttled_runner")
            connection.execute("CREATE ROLE throttled_runner LOGIN")
            connection.execute(f"ALTER DATABASE {database} OWNER TO throttled_runner")
            connection.execute("ALTER TABLE people OWNER TO throttled_runner; ALTER TABLE brake OWNER TO throttled_runner;"
                               " ALTER SCHEMA public OWNER TO throttled_runner")
        segue = self.context.segue.on(self.server, database, "throttled_runner")
        segue.must("init")
        return database, segue

    def end_of_a_runner(self, database):
        self.server.drop(database)
        with self.server.connect("postgres") as connection:
            connection.execute("DROP ROLE throttled_runner")


class _Run:
    """segue start in the background, with its words in a file. It ends with the with block."""

    def __init__(self, ground, segue, *arguments, command="start", migration=None):
        self.ground = ground
        self.segue = segue
        self.words = os.path.join(ground.server.folder, f"words-{id(self)}")
        files = (migration or ground.migration, "--strategy", "in-place") if command == "start" else ()
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

    def wait_for_words(self, part):
        def seen():
            ended = self.process.poll() is not None
            if part in self.said():
                return True
            require(not ended, f"it has ended by itself, and never said: {part}\n{self.said()}")
            return False
        wait_until(seen, part, _PATIENCE)

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

    def wait_for_duty(self, least, most=1.0):
        return self.wait_for(f"a duty of {least} to {most}", lambda about: not about["measuring"]
                             and least <= about["duty"] <= most)

    def held(self, database):
        """A session that keeps the walk from its end, by a row, until it is closed or rolled back. The run rested at the brake
        until now."""
        self.wait_for_reason("--throttle-query says 1", resting=True)
        holder = self.ground.server.connect(database)
        holder.execute(f"BEGIN; SELECT FROM people WHERE id = {_ROWS * 3 // 4} FOR UPDATE")
        _let_go(self.ground, database)
        return holder

    def wait_for_readings(self, n=3):
        """Until status has been told anew, so often."""
        seen = set()

        def more(about):
            seen.add(about["at"])
            return len(seen) > n
        self.wait_for("new readings", more)

    def ends_well(self):
        require(self.process.wait(_PATIENCE) == 0, f"exit {self.process.returncode}\n{self.said()[-3000:]}")

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        require(self.process.wait(_PATIENCE) == RESUMABLE, f"exit {self.process.returncode}\n{self.said()[-2000:]}")


class _Work:
    """Somebody else's statement, again and again, until the with block ends."""

    def __init__(self, ground, database, statement, pause=0.02):
        self._stop = threading.Event()
        self._failure = None

        def work():
            try:
                with ground.server.connect(database) as connection:
                    while not self._stop.wait(pause):
                        connection.execute(statement)
            except Exception as failure:  # pylint: disable=broad-except
                self._failure = failure
        self._thread = threading.Thread(target=work)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        require(self._failure is None, f"the other session failed: {self._failure}")


def _rows_done(segue):
    step = segue.must("status", "--json").json.get("step") or {}
    return step.get("walk", {}).get("rows_done", 0)


def _require_filled(ground, database):
    with ground.server.connect(database) as connection:
        rows = connection.value("SELECT count(*) FROM public_people_throttled.people"
                                " WHERE full_name = 'First' || id || ' Last' || id")
    require(rows == str(_ROWS), f"{rows} rows are right")


def _let_go(ground, database):
    with ground.server.connect(database) as connection:
        connection.execute("UPDATE brake SET n = 0")


def _query(ground):
    """While --throttle-query is above 0 the walk rests before its first row and says so; at 0 it goes on"""
    database, segue = ground.fresh()
    with _Run(ground, segue, *_BRAKE) as run:
        run.wait_for_reason("--throttle-query says 1", resting=True)
        require(_rows_done(segue) == 0, "rows were filled")
        run.wait_for_words("resting: --throttle-query says 1")
        text = segue.must("status").out
        require("rests: --throttle-query says 1" in text, text)
        _let_go(ground, database)
        run.ends_well()
        require("going on" in run.said(), run.said())
    _require_filled(ground, database)
    require(segue.must("status", "--json").json["throttle"] is None, "a throttle is told of when nothing runs")
    ground.server.drop(database)


def _long_rest(ground):
    """After a long rest, and after a long pause, what statements take is measured anew before the walk goes on"""
    database, segue = ground.fresh()
    with _Work(ground, database, "SELECT n FROM brake"), _Run(ground, segue, *_BRAKE, "--max-p95", "100") as run:
        run.wait_for("the baseline", lambda about: not about["measuring"] and about["probes"]["write"]["baseline_ms"] > 0)
        run.wait_for_reason("--throttle-query says 1", resting=True)
        first = run.throttle()["probes"]["write"]["baseline_ms"]
        time.sleep(25)  # longer than what counts as long
        with run.held(database) as row:
            run.wait_for_words("after so long a rest, what statements take is measured anew")
            run.wait_for("another baseline", lambda about: not about["measuring"] and about["probes"]["write"]["baseline_ms"]
                         not in (0, first))
            second = run.throttle()["probes"]["write"]["baseline_ms"]
            segue.must("pause")
            run.wait_for_words("paused; segue resume goes on")
            time.sleep(25)
            segue.must("resume")
            run.wait_for("a third baseline", lambda about: not about["measuring"] and about["probes"]["write"]["baseline_ms"]
                         not in (0, first, second))
            row.execute("ROLLBACK")
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _unusable_query(ground):
    """A --throttle-query that cannot be asked, and one that gives no number, are refused before anything is touched; so are
    ceilings, windows and limits that are none"""
    database, segue = ground.fresh()
    for query, why in (("SELECT n FROM no_such_table", "no_such_table"), ("SELECT 'much'", "neither a number"),
                       ("SELECT n FROM brake WHERE false", "no value")):
        result = segue.run("start", ground.migration, "--throttle-query", query)
        require(result.code == REFUSED and why in result.err and "--throttle-query cannot be used" in result.err,
                str(result))
    require(segue.must("status", "--json").json["migration"] is None, "a migration was stored")
    for arguments in (("--window", "25:00-26:00"), ("--max-p95", "0.9"), ("--max-p95", "fast"), ("--max-lag", "long"),
                      ("--ceiling", "sessions"), ("--ceiling", "sessions=many"), ("--ceiling", "sessions=0"),
                      ("--ceiling", "patience=3"), ("--ceiling", "wal=5"), ("--ceiling", "wal=5MBit")):
        result = segue.run("start", ground.migration, *arguments)
        require(result.code == USAGE, str(result))
    ground.server.drop(database)


def _query_that_fails_later(ground):
    """A --throttle-query that fails while the walk rests or works counts as bad: it rests, and says why once"""
    database, segue = ground.fresh()
    with _Run(ground, segue, *_BRAKE) as run:
        run.wait_for_reason("--throttle-query says 1", resting=True)
        with ground.server.connect(database) as connection:
            connection.execute("ALTER TABLE brake RENAME TO broken")
            run.wait_for_reason("--throttle-query cannot be read", resting=True)
            run.wait_for_readings()
            require(_rows_done(segue) == 0, "rows were filled")
            connection.execute("ALTER TABLE broken RENAME TO brake; UPDATE brake SET n = -1")
        run.ends_well()
        said = run.said().count("--throttle-query cannot be read, so segue goes slowly")
        require(said == 1, f"said {said} times:\n{run.said()}")
    _require_filled(ground, database)
    ground.server.drop(database)


def _window(ground):
    """Outside its windows the walk rests and says when the next one opens; interrupted, it goes on within another one"""
    database, segue = ground.fresh()
    hour = time.gmtime().tm_hour
    window = f"{(hour + 20) % 24:02d}:00-{(hour + 22) % 24:02d}:00 UTC"
    with _Run(ground, segue, "--window", window) as run:
        run.wait_for_reason("the window opens in", resting=True)
        run.wait_for_readings()
        require(_rows_done(segue) == 0, "rows were filled")
        run.interrupt()
    within = f"{(hour + 23) % 24:02d}:00-{(hour + 2) % 24:02d}:00,{window}"
    with _Run(ground, segue, "--window", within, command="resume") as run:
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _index_build(ground):
    """An index build, which cannot be paced, does not begin while --throttle-query says no"""
    database, segue = ground.fresh()
    migration = ground.file("people_throttled", _MIGRATION + "CREATE INDEX people_full_name ON people (full_name);\n")
    after = "SELECT n > 0 AND EXISTS (SELECT FROM segue.steps WHERE step LIKE '%/validate' AND status = 'done') FROM brake"
    with _Run(ground, segue, "--throttle-query", after, migration=migration) as run:
        run.wait_for_words("build index people_full_name on people is not begun yet: --throttle-query says 1")
        with ground.server.connect(database) as connection:
            require(connection.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == "0", "it is being built")
        _let_go(ground, database)
        run.ends_well()
    ground.migration = ground.file("people_throttled", _MIGRATION)
    _require_filled(ground, database)
    ground.server.drop(database)


def _lock_waits(ground):
    """Sessions that wait for a lock slow the walk to the least, and are told; it goes on when they have it"""
    database, segue = ground.fresh()
    with _Run(ground, segue, "--pace", "2", *_BRAKE, *_SIGNALS_ALONE) as run, run.held(database) as row:
        about = run.wait_for_duty(0.019)
        require("statements" not in about["signals"], f"statements that nobody sums up are told of: {about}")
        with ground.server.connect(database) as holder, ground.server.connect(database) as waiter:
            holder.execute("BEGIN; SELECT pg_advisory_xact_lock(1)")
            waiter.send("SELECT pg_advisory_lock(1)")
            about = run.wait_for_reason("wait for locks", resting=False)
            require(about["duty"] <= 0.0011, f"duty {about['duty']}")
            require(about["signals"]["lock_waits"]["value"] == 1, f"{about}")
            holder.execute("ROLLBACK")
            waiter.finish()
        run.wait_for_duty(0.019)
        row.execute("ROLLBACK")
        run.interrupt()
    with _Run(ground, segue, command="resume") as run:
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _ceilings(ground):
    """Sessions at work, the log's growth and forced checkpoints slow the walk to the least at ceilings that the operator gives,
    and not where they are off"""
    database, segue = ground.fresh()
    work = "UPDATE brake SET n = -1; SELECT pg_switch_wal(); CHECKPOINT"
    with _Run(ground, segue, *_BRAKE, *_SIGNALS_ALONE) as run:
        row = run.held(database)
        run.interrupt()
    with row, _Work(ground, database, work, pause=0.2):
        for ceiling, part, key in (("sessions=0.1", "sessions run statements; at most 0", "sessions"),
                                   ("wal=1kB", "of WAL a second", "wal_bytes_per_s"),
                                   ("checkpoints=0.01", "checkpoints a minute forced", "checkpoints_per_min")):
            others = [text for text in ("sessions=off", "wal=off", "checkpoints=off")
                      if text.split("=")[0] != ceiling.split("=")[0]]
            arguments = [word for text in (ceiling, *others) for word in ("--ceiling", text)]
            with _Run(ground, segue, *arguments, *_SIGNALS_ALONE, command="resume") as run:
                about = run.wait_for_reason(part, resting=False)
                require(about["duty"] <= 0.0011, f"{about}")
                told = {"sessions", "wal_bytes_per_s", "checkpoints_per_min"} & set(about["signals"])
                require(told == {key}, f"{told}")
                run.interrupt()
    with _Run(ground, segue, command="resume") as run:
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _probes(ground):
    """Where statements take longer than --max-p95 while others are at work, the walk is slowed to the least and says which;
    when nobody is at work any more, it goes on at full speed"""
    database, segue = ground.fresh()
    with _Run(ground, segue, "--max-p95", "0.01ms", *_BRAKE) as run:
        with _Work(ground, database, "SELECT n FROM brake"):
            run.wait_for_reason("--throttle-query says 1", resting=True)
            _let_go(ground, database)
            about = run.wait_for("the least", lambda about: about["duty"] and about["duty"] <= 0.0011
                                 and "takes" in (about["reason"] or ""))
            require("at most 0.01 ms" in about["reason"] and not about["quiet"], f"{about}")
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _statements(ground):
    """Where pg_stat_statements is, the walk is slowed by statements on its table that take longer than before, though no probe
    does; goes on when they are as they were; and goes slowly where it may not see them any more"""
    database, segue = ground.of_a_runner()
    slow = "SELECT pg_sleep(d.seconds) FROM delay AS d, people AS p WHERE p.id = 7"
    with ground.server.connect(database) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements; CREATE TABLE delay (seconds float8);"
                           "INSERT INTO delay VALUES (0.02); GRANT pg_read_all_stats TO throttled_runner")
        with _Work(ground, database, slow, 0.001), _Work(ground, database, slow, 0.001):
            wait_until(lambda: int(connection.value("SELECT coalesce(sum(calls), 0) FROM pg_stat_statements"
                                                    " WHERE query LIKE '%AS d, people%'")) > 10, "calls", _PATIENCE)
            with _Run(ground, segue, "--pace", "3", *_BRAKE, *_SIGNALS_ALONE) as run, run.held(database):
                about = run.wait_for("a ratio", lambda about: not about["measuring"]
                                     and about["signals"]["statements"]["value"] > 0)
                require(about["signals"]["statements"]["readable"], f"{about}")
                connection.execute("UPDATE delay SET seconds = 0.4")
                about = run.wait_for_reason("statements on the table take", resting=False)
                require(about["duty"] < 0.03 and about["signals"]["statements"]["value"] > 1.1, f"{about}")
                connection.execute("UPDATE delay SET seconds = 0.02")
                run.wait_for_duty(0.029)
                connection.execute("REVOKE EXECUTE ON FUNCTION pg_stat_statements(boolean) FROM PUBLIC")
                run.wait_for_reason("application statements cannot be read: permission denied", resting=False)
                run.wait_for_duty(0.0001, 0.0101)
                connection.execute("GRANT EXECUTE ON FUNCTION pg_stat_statements(boolean) TO PUBLIC")
                run.wait_for_duty(0.029)
                connection.execute("REVOKE pg_read_all_stats FROM throttled_runner")
                run.wait_for("hidden statements", lambda about: "hidden" in
                             (about["signals"]["statements"].get("why") or ""))
                connection.execute("GRANT pg_read_all_stats TO throttled_runner")
                run.wait_for_duty(0.029)
                run.wait_for_words("application statements cannot be read, so segue goes slowly: permission denied")
                run.interrupt()
        with _Run(ground, segue, "--ceiling", "statements=off", command="resume") as run:
            run.ends_well()
            require("application statements" not in run.said(), run.said())
    _require_filled(ground, database)
    ground.end_of_a_runner(database)


def _hidden(ground):
    """What a role may not read slows the walk and is told once; what it is granted is read; what is taken from it slows the walk
    again"""
    database, segue = ground.of_a_runner()
    slow = "cannot be read, so segue goes slowly: "
    with ground.server.connect(database) as connection:
        connection.execute("REVOKE SELECT ON pg_stat_replication FROM PUBLIC")
        try:
            with _Run(ground, segue, "--pace", "3", *_BRAKE, *_SIGNALS_ALONE) as run, run.held(database) as row:
                run.wait_for_words(f"replication lag {slow}permission denied")
                run.wait_for_words(f"active sessions {slow}1 session is hidden from this role")
                run.wait_for_duty(0.0001, 0.0101)
                connection.execute("GRANT SELECT ON pg_stat_replication TO PUBLIC;"
                                   " GRANT pg_read_all_stats TO throttled_runner")
                run.wait_for_duty(0.029)
                connection.execute("REVOKE pg_read_all_stats FROM throttled_runner")
                about = run.wait_for_reason("active sessions cannot be read", resting=False)
                require(about["duty"] <= 0.0101, f"{about}")
                require(not about["quiet"], f"nobody can be seen, and so the server counts as quiet: {about}")
                connection.execute("GRANT pg_read_all_stats TO throttled_runner")
                run.wait_for_duty(0.029)
                connection.execute("REVOKE SELECT ON pg_stat_replication FROM PUBLIC")
                run.wait_for_reason("replication lag cannot be read", resting=False)
                connection.execute("GRANT SELECT ON pg_stat_replication TO PUBLIC")
                row.execute("ROLLBACK")
                run.ends_well()
                for part in (f"replication lag {slow}", f"active sessions {slow}"):
                    require(run.said().count(part) == 1, f"{part}\n{run.said()}")
        finally:
            connection.execute("GRANT SELECT ON pg_stat_replication TO PUBLIC")
    _require_filled(ground, database)
    ground.end_of_a_runner(database)


def _pause(ground):
    """segue pause holds a walk that the throttle lets go, and resume lets it go on"""
    database, segue = ground.fresh()
    with _Run(ground, segue, *_BRAKE) as run:
        run.wait_for_reason("--throttle-query says 1", resting=True)
        segue.must("pause")
        run.wait_for_words("paused; segue resume goes on")
        _let_go(ground, database)
        run.wait_for("no other reason to rest", lambda about: not about["resting"])
        run.wait_for_readings()
        require(_rows_done(segue) == 0, "rows were filled during the pause")
        segue.must("resume")
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _switch(ground):
    """A role that may do nothing but set segue.pause makes a migration rest with plain SQL; status names it and its reason; it goes
    on when the role takes it back, and segue resume does not"""
    database, segue = ground.fresh()
    with ground.server.connect(database) as connection:
        connection.execute("DROP ROLE IF EXISTS on_call; CREATE ROLE on_call LOGIN")
        connection.execute("GRANT UPDATE (paused, reason) ON segue.pause TO on_call")
    with ground.server.connect(database, "on_call") as on_call, \
            _Run(ground, segue, *_BRAKE) as run:
        run.wait_for_reason("--throttle-query says 1", resting=True)
        for forbidden in ("SELECT * FROM segue.pause", "DELETE FROM segue.pause", "INSERT INTO segue.pause DEFAULT VALUES",
                          "UPDATE segue.pause SET set_by = 'somebody'", "UPDATE segue.migrations SET paused = true",
                          "SELECT * FROM people"):
            try:
                on_call.execute(forbidden)
            except pq.DatabaseError as error:
                require(error.sqlstate == "42501", f"{forbidden}: {error}")
            else:
                raise Failure(f"the role may {forbidden}")
        on_call.execute("UPDATE segue.pause SET paused = true, reason = 'incident 42'")
        run.wait_for_words("paused: segue.pause was set by on_call at ")
        require("(incident 42)" in run.said(), run.said())
        _let_go(ground, database)
        run.wait_for("no other reason to rest", lambda about: not about["resting"])
        text = segue.must("resume").text
        require("segue.pause was set by on_call" in text, text)
        text = segue.must("status").out
        require("(paused)" in text and "set by on_call" in text and "UPDATE segue.pause SET paused = false" in text, text)
        require("incident 42" in segue.must("status", "--json").json["held"], "status --json does not say why")
        run.wait_for_readings()
        require(_rows_done(segue) == 0, "rows were filled during the pause")
        on_call.execute("UPDATE segue.pause SET paused = false")
        run.ends_well()
    _require_filled(ground, database)
    require(segue.must("status", "--json").json["held"] is None, "status still tells of it")
    ground.server.drop(database)
    with ground.server.connect("postgres") as connection:
        connection.execute("DROP ROLE on_call")


def _vacuum(ground):
    """What an in-place walk leaves behind is vacuumed when it is much, and its room used again"""
    database, segue = ground.fresh()
    plan = segue.must("plan", ground.migration, "--strategy", "in-place", "--sql").out
    require("VACUUM (SKIP_LOCKED, TRUNCATE FALSE, PARALLEL 0) public.people" in plan, plan)
    result = segue.must("start", ground.migration, "--strategy", "in-place", timeout=_PATIENCE)
    require("vacuumed public.people" in result.text, str(result))
    with ground.server.connect(database) as connection:
        pages = "SELECT pg_relation_size('people')"
        before = connection.value(pages)
        connection.execute("UPDATE people SET first_name = first_name WHERE id % 3 = 0")
        after = connection.value(pages)
    require(before == after, f"{before} bytes before, {after} after: the room was not free")
    ground.server.drop(database)


def _vacuum_gives_way(ground):
    """The vacuum ends for a pause and begins again after it, gives way to whoever waits for the table, and the migration goes on;
    where somebody else is at it already, it is left to them"""
    database, segue = ground.fresh()
    with ground.server.connect(database) as connection:
        # Wide rows: at the slowest pace their vacuum takes a minute.
        connection.execute("ALTER TABLE people ADD COLUMN pad text; ALTER TABLE people ALTER pad SET STORAGE PLAIN;"
                           "UPDATE people SET pad = repeat('x', 1500)")
        connection.execute("VACUUM FULL people")
        connection.execute("ANALYZE people")
    after = ("SELECT n > 0 AND EXISTS (SELECT FROM segue.steps WHERE step LIKE '%/rows' AND status = 'done'"
             " AND migration = (SELECT max(id) FROM segue.migrations)) FROM brake")
    vacuums = ("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'VACUUM (SKIP_LOCKED%' AND state = 'active'"
               " AND datname = current_database()")
    with _Run(ground, segue, "--throttle-query", after) as run:
        run.wait_for_words("vacuum what the old rows of people left is not begun yet")
        run.interrupt()
    with ground.server.connect(database) as connection, \
            _Run(ground, segue, "--pace", "1", "--max-p95", "off", command="resume") as run:
        wait_until(lambda: connection.value(vacuums) == "1", "the vacuum", _PATIENCE)
        connection.execute("UPDATE segue.pause SET paused = true")
        wait_until(lambda: connection.value(vacuums) == "0", "the end of the vacuum", _PATIENCE)
        run.wait_for_words("paused: segue.pause was set by postgres")
        connection.execute("UPDATE segue.pause SET paused = false")
        wait_until(lambda: connection.value(vacuums) == "1", "the vacuum again", _PATIENCE)
        connection.execute("BEGIN; LOCK TABLE people; ROLLBACK")
        run.wait_for_words("the vacuum of public.people gave way to a session that waited for the table")
        require("vacuumed" not in run.said(), run.said())
        step = "SELECT count(*) FROM segue.steps WHERE step LIKE '%/vacuum' AND status = 'done'"
        wait_until(lambda: connection.value(step) == "1", "the step's end", _PATIENCE)
        run.interrupt()
    segue.must("rollback", "--pace", "100", timeout=_PATIENCE)
    _let_go(ground, database)
    with ground.server.connect(database) as connection, ground.server.connect(database) as other:
        connection.execute("UPDATE brake SET n = 1")
        with _Run(ground, segue, "--throttle-query", after) as run:
            run.wait_for_words("is not begun yet")
            other.execute("BEGIN; LOCK TABLE people IN SHARE UPDATE EXCLUSIVE MODE")
            connection.execute("UPDATE brake SET n = 0")
            done = int(connection.value(step))
            wait_until(lambda: int(connection.value(step)) > done, "the step's end", _PATIENCE)
            other.execute("ROLLBACK")
            run.ends_well()
    ground.server.drop(database)


def _lost_session(ground):
    """When the watching session is lost, the walk goes slowly until there is another one, says why, and ends well"""
    database, segue = ground.fresh()
    with _Run(ground, segue, *_BRAKE) as run:
        run.wait_for_reason("--throttle-query says 1", resting=True)
        runner = segue.must("status", "--json").json["runner_pid"]
        with ground.server.connect(database) as connection:
            ended = connection.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE"
                                     f" application_name = 'segue' AND datname = current_database() AND pid <> {runner}")
        require(ended == "1", f"{ended} sessions were ended")
        run.wait_for_words("--throttle-query cannot be read, so segue goes slowly")
        require(_rows_done(segue) == 0, "rows were filled while nothing could be seen")
        _let_go(ground, database)
        run.ends_well()
    _require_filled(ground, database)
    ground.server.drop(database)


def _lag(ground):
    """While a standby is further behind than --max-lag the walk rests and says how far; when it has caught up, it goes on; a standby
    that is gone slows it to the least"""
    with standby.Standby(ground.server) as other:
        wait_until(other.streams, "the standby streams", _PATIENCE)
        database, segue = ground.fresh()
        with _Run(ground, segue, "--max-lag", "1s", *_BRAKE, *_SIGNALS_ALONE) as run, run.held(database) as row:
            run.wait_for_duty(0.0001)
            other.stop_replay()
            about = run.wait_for_reason("a standby is", resting=True)
            require(about["signals"]["lag"]["value"] >= 1, f"{about}")
            other.go_on()
            run.wait_for_duty(0.5)
            other.stop()
            about = run.wait_for_reason("1 standby that was there is gone", resting=False)
            require(about["duty"] <= 0.0011, f"{about}")
            row.execute("ROLLBACK")
            run.interrupt()
    with _Run(ground, segue, command="resume") as run:
        run.ends_well()
    _require_filled(ground, database)


_PROMISES = [_unusable_query, _query, _query_that_fails_later, _window, _long_rest, _index_build, _lock_waits, _ceilings, _probes,
             _statements, _hidden, _pause, _switch, _vacuum, _vacuum_gives_way, _lost_session, _lag]
