"""Capture by logical decoding: scenarios of several kinds of keys go through what capture by triggers goes through, on a server
that has wal_level = logical; what only decoding knows: when it is taken, that nothing is left behind, that it gives up in words."""

import json
import signal
import threading
import time

from . import oracle_crash, oracle_data, oracle_live, oracle_schema, server as servers
from .exchanging import exchange_through
from .program import REFUSED, Program, Session
from .promises import Ground, promise_all
from .report import require
from .stage import Stage, leftovers
from .traffic import wait_until

_SAMPLE = ("68_composite_key", "69_text_key", "77_touch_trigger", "89_incoming_foreign_keys")
_WISHES = ("--strategy", "rebuild", "--capture", "decoding")
_BY = (oracle_schema, oracle_data, oracle_live, oracle_crash)


def tasks(context):
    for server in context.servers:
        own = _Context(context, server.bin_dir)
        for oracle in context.further(server, _BY, 3):
            yield from oracle.tasks(own)
        yield lambda own=own: _alone(own)


class _Context:
    """A context as other oracles know it, with one server of its own and the sample."""

    def __init__(self, context, bin_dir):
        self.options = context.options
        self.report = context.report
        self.servers = [servers.Server(bin_dir, servers.LOGICAL)]
        self.segue = Program(context.options.segue, _WISHES)
        self._sample = [one for one in context.scenarios if one.name in _SAMPLE and one.runs_on(self.servers[0])]
        self._stages = {}
        self._lock = threading.Lock()

    @property
    def scenarios(self):
        return self._sample

    def quick(self, _server):
        return self._sample

    def chosen(self, _server, one_in):
        del one_in
        return list(enumerate(self._sample))

    def stage(self, server, scenario):
        with self._lock:
            if scenario.name not in self._stages:
                self._stages[scenario.name] = Stage(server, scenario, self.segue)
            return self._stages[scenario.name]


_SCHEMA = """
CREATE TABLE orders (id bigint PRIMARY KEY, k bigint NOT NULL UNIQUE, u integer UNIQUE, v integer NOT NULL DEFAULT 0, pad text);
INSERT INTO orders SELECT i, i, CASE WHEN i <= 300 THEN i END, 0, repeat('x', 80) FROM generate_series(1, 6000) i;
CREATE TABLE mirror (LIKE orders INCLUDING ALL);
INSERT INTO mirror SELECT * FROM orders;
CREATE SEQUENCE numbers START 1000000;
CREATE FUNCTION act(kind integer, a bigint, b bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE x integer;
BEGIN
  CASE kind
  WHEN 0 THEN
    WITH c AS (UPDATE orders SET id = -id WHERE id = a RETURNING id, k) UPDATE mirror SET id = c.id FROM c WHERE mirror.k = c.k;
    WITH c AS (UPDATE orders SET id = -id WHERE id = -a RETURNING id, k) UPDATE mirror SET id = c.id FROM c WHERE mirror.k = c.k;
  WHEN 1 THEN
    WITH c AS (DELETE FROM orders WHERE id = a RETURNING k) DELETE FROM mirror USING c WHERE mirror.k = c.k;
    WITH c AS (INSERT INTO orders (id, k, pad) SELECT n, n, 'new' FROM nextval('numbers') n RETURNING id, k, v, pad)
      INSERT INTO mirror (id, k, v, pad) SELECT id, k, v, pad FROM c;
  WHEN 2 THEN
    BEGIN
      UPDATE orders SET v = -7 WHERE id = a;
      RAISE EXCEPTION 'undone';
    EXCEPTION WHEN raise_exception THEN NULL;
    END;
    WITH c AS (UPDATE orders SET v = v + 1, pad = repeat('y', 3000) WHERE id = a RETURNING k, v, pad)
      UPDATE mirror SET v = c.v, pad = c.pad FROM c WHERE mirror.k = c.k;
  WHEN 3 THEN
    SELECT u INTO x FROM orders WHERE id = b AND u IS NOT NULL FOR UPDATE;
    IF FOUND THEN
      WITH c AS (UPDATE orders SET u = NULL WHERE id = b RETURNING k) UPDATE mirror SET u = NULL FROM c WHERE mirror.k = c.k;
      WITH c AS (UPDATE orders SET u = x WHERE id = a AND u IS NULL RETURNING k, u) UPDATE mirror SET u = c.u FROM c WHERE mirror.k = c.k;
    END IF;
  ELSE
    WITH c AS (UPDATE orders SET v = v + 1 WHERE id IN (SELECT id FROM orders WHERE id BETWEEN a AND a + 20 ORDER BY id FOR UPDATE)
               RETURNING k, v) UPDATE mirror SET v = c.v FROM c WHERE mirror.k = c.k;
  END CASE;
EXCEPTION WHEN unique_violation OR deadlock_detected THEN NULL;
END
$$;
"""
_MIGRATION = """-- segue: up orders.v = v::bigint
-- segue: down orders.v = v::integer
ALTER TABLE orders ALTER COLUMN v TYPE bigint;
"""
_PATIENT = ("--pace", "30", "--max-p95", "off", "--lock-budget", "100s")  # writers leave no quiet moment
_COLUMNS = "id, k, u, v, pad"


class _Ground(Ground):
    """A database of its own for each promise."""

    def __init__(self, context):
        super().__init__(context, context.servers[0])
        self.migration = self.file("0001_wider", _MIGRATION)

    def database(self, schema=_SCHEMA):
        name = self.server.create("decoding")
        with self.server.connect(name) as connection:
            connection.execute(schema)
            connection.execute("ANALYZE")
        return name, self.context.segue.on(self.server, name)

    def plan(self, segue):
        return segue.must("plan", self.migration, "--json").json["tables"][0]["strategy_why"]


def _alone(context):
    ground = _Ground(context)
    promise_all(context, ground.server, _PROMISES, ground)


def _no_trigger(ground):
    """read from the log: the table has no trigger while its rows are copied, and afterwards no slot is left"""
    name, segue = ground.database()
    require("read from the server's log" in ground.plan(segue), "the plan does not say that the log is read")
    steps = segue.must("plan", ground.migration, "--json").json["steps"]
    copy = next(step["id"] for step in steps if step["id"].endswith("/copy"))
    result = segue.run("start", ground.migration, fault=f"{copy}:after:kill")
    require(result.code == -signal.SIGKILL, str(result))
    with ground.server.connect(name) as connection:
        require(connection.value("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'orders'::regclass") == "0", "a trigger")
        slot = connection.value("SELECT slot_name FROM pg_replication_slots WHERE database = current_database()")
    require(slot and slot in segue.must("status").text, "status does not name the slot")
    require(segue.must("status", "--json").json["slots"][0]["slot"] == slot, "neither does its JSON")
    segue.must("start", ground.migration)
    with ground.server.connect(name) as connection:
        require(connection.value("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()") == "0", "a slot")
        require(connection.value("SELECT count(*) FROM pg_publication") == "0", "a publication is left")
    require(not segue.must("status", "--json").json["slots"], "status has a slot that is gone")
    ground.server.drop(name)


def _reasons(ground):
    """where the log cannot be read the plan says why, and triggers do it"""
    for change, reason in (
            ("ALTER TABLE orders REPLICA IDENTITY NOTHING", "its replica identity does not have"),
            ("ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_k_key", "its replica identity does not have \"id\""),
            ("ALTER TABLE orders SET UNLOGGED", "the table is not logged"),
            ("ALTER TABLE orders REPLICA IDENTITY FULL", "read from the server's log")):
        name, segue = ground.database()
        with ground.server.connect(name) as connection:
            connection.execute(change)
        require(reason in ground.plan(segue), f"{change}: {ground.plan(segue)}")
        segue.must("start", ground.migration)
        ground.server.drop(name)
    name, segue = ground.database()
    noting = Session(segue.path, segue.url, wishes=("--strategy", "rebuild", "--capture", "trigger"))
    require("from the server's log" not in ground.plan(noting), "--capture trigger reads the log")
    with ground.server.connect(name) as connection:
        connection.execute("ALTER TABLE orders OWNER TO app_login; ALTER TABLE mirror OWNER TO app_login;"
                           f"GRANT CREATE ON DATABASE {name} TO app_login; GRANT CREATE ON SCHEMA public TO app_login")
    weak = ground.context.segue.on(ground.server, name, "app_login")
    require("role app_login has no REPLICATION" in ground.plan(weak), ground.plan(weak))
    ground.server.drop(name)


def _identity_full(ground):
    """a table with REPLICA IDENTITY FULL, whose keys change and that is truncated meanwhile"""
    name, segue = ground.database()
    steps = segue.must("plan", ground.migration, "--json").json["steps"]
    copy = next(step["id"] for step in steps if step["id"].endswith("/copy"))
    with ground.server.connect(name) as connection:
        connection.execute("ALTER TABLE orders REPLICA IDENTITY FULL")
    segue.run("start", ground.migration, fault=f"{copy}:after:kill")
    with ground.server.connect(name) as connection:
        connection.execute("UPDATE orders SET id = -id WHERE id % 7 = 0; TRUNCATE orders")
        connection.execute(f"INSERT INTO orders ({_COLUMNS}) SELECT id + 1, k, u, 5, pad FROM mirror WHERE k % 2 = 0")
        connection.execute("DELETE FROM orders WHERE k % 3 = 0")
        wanted = connection.rows("SELECT count(*), sum(id), sum(v) FROM orders")
    segue.must("start", ground.migration)
    with ground.server.connect(name) as connection:
        require(connection.rows("SELECT count(*), sum(id), sum(v) FROM orders") == wanted, "rows differ")
    ground.server.drop(name)


def _open_transactions(ground):
    """transactions that were writing when the slot was made, and rows of a transaction that was prepared, are in the copy"""
    name, segue = ground.database()
    with ground.server.connect(name) as open_one, ground.server.connect(name) as other:
        other.execute("BEGIN; INSERT INTO orders (id, k) VALUES (-2, -2); PREPARE TRANSACTION 'two'")
        open_one.execute("BEGIN; INSERT INTO orders (id, k) VALUES (-1, -1); UPDATE orders SET v = 9 WHERE id = 5")
        process = segue.start("start", ground.migration)
        time.sleep(1)
        require(process.poll() is None, "start did not wait")
        open_one.execute("UPDATE orders SET v = 9 WHERE id = 6; COMMIT")
        other.execute("COMMIT PREPARED 'two'")
        _, err = process.communicate(timeout=120)
        require(process.returncode == 0, err.decode())
        require(other.value("SELECT count(*) FROM orders WHERE id < 0 OR v = 9") == "4", "rows are missing")
    ground.server.drop(name)


class _Writers:
    """Sessions that change the table and its mirror alike, until they are told to end."""

    def __init__(self, server, name, n=2):
        self._end = False
        self._errors = []
        self._threads = [threading.Thread(target=self._work, args=(server, name, number)) for number in range(n)]
        for thread in self._threads:
            thread.start()

    def _work(self, server, name, number):
        try:
            with server.connect(name) as connection:
                state = number * 7919 + 1
                while not self._end:
                    state = state * 1103515245 + 12345 & 0x7fffffff
                    connection.rows("SELECT act($1, $2, $3)", str(state // 65536 % 5), str(state // 16 % 6000), str(state // 64 % 300))
                    time.sleep(0.002)
        except Exception as error:  # pylint: disable=broad-except
            self._errors.append(error)

    def end(self):
        self._end = True
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise self._errors[0]


def _mirrored(ground):
    """what many sessions write while segue is killed and goes on is all there: the table is its mirror"""
    name, segue = ground.database()
    writers = _Writers(ground.server, name)
    try:
        steps = [step["id"] for step in segue.must("plan", ground.migration, "--json").json["steps"]
                 if step["phase"] == "backfill"]
        for step in steps:
            segue.run("start", ground.migration, *_PATIENT, fault=f"{step}:before:kill")
        segue.must("start", ground.migration, *_PATIENT)
        _require_mirrored(ground, name)
        segue.must("rollback", "--lock-budget", "100s")
        segue.must("start", ground.migration, *_PATIENT)
    finally:
        writers.end()
    _require_mirrored(ground, name)
    ground.server.drop(name)


def _require_mirrored(ground, name):
    with ground.server.connect(name) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        differences = connection.rows(
            f"(SELECT {_COLUMNS} FROM orders EXCEPT SELECT {_COLUMNS} FROM mirror) UNION ALL "
            f"(SELECT {_COLUMNS} FROM mirror EXCEPT SELECT {_COLUMNS} FROM orders) LIMIT 5")
        changed = connection.value("SELECT count(*) FROM orders WHERE v > 0 OR id > 6000")
        connection.execute("COMMIT")
    require(not differences, f"the table is not its mirror: {differences}")
    require(int(changed) > 0, "nobody wrote anything")


def _killed_in_copy(ground):
    """a database, its program, and a start that was killed when the rows were copied"""
    name, segue = ground.database()
    copy = next(step["id"] for step in segue.must("plan", ground.migration, "--json").json["steps"]
                if step["id"].endswith("/copy"))
    segue.run("start", ground.migration, fault=f"{copy}:after:kill")
    return name, segue


def _lost_slot(ground):
    """a slot that is gone is told in words, and the way back is open"""
    name, segue = _killed_in_copy(ground)
    with ground.server.connect(name) as connection:
        wait_until(lambda: connection.value("SELECT count(*) FROM pg_replication_slots WHERE active") == "0", "the slot is active")
        connection.rows("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()")
    _require_given_up(ground, name, segue, "were missed")


def _too_much_log(ground):
    """a slot that keeps more of the log than it may is given up in words, and nothing of it is left"""
    name, segue = _killed_in_copy(ground)
    with ground.server.connect(name) as connection:
        plan = json.loads(connection.value("SELECT plan FROM segue.migrations ORDER BY id DESC LIMIT 1"))
        for step in plan["steps"]:
            if "capture" in step:
                step["capture"]["ceiling"] = 1000
        connection.rows("UPDATE segue.migrations SET plan = $1::json", json.dumps(plan))
        # An open transaction makes the slot keep the log.
        connection.execute("BEGIN; INSERT INTO mirror (id, k) VALUES (-9, -9)")
        _require_given_up(ground, name, segue, "it was given up", connection)


def _require_given_up(ground, name, segue, words, connection=None):
    result = segue.run("resume")
    require(result.code == REFUSED and words in result.err and "segue rollback" in result.err, str(result))
    if connection:
        connection.execute("COMMIT")
        require(connection.value("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()") == "0", "a slot")
        connection.close()
    segue.must("rollback")
    with ground.server.connect(name) as other:
        require(not leftovers(other), f"left behind: {leftovers(other)}")
    ground.server.drop(name)


def _exchanged(ground):
    """rows that exchange unique values, change keys, go and come while the table is rebuilt in parts are what they were made"""
    exchange_through(ground, "--capture", "decoding")


_PROMISES = (_no_trigger, _reasons, _identity_full, _open_transactions, _mirrored, _lost_slot, _too_much_log, _exchanged)
