"""Shadow writes: what was committed through a gateway is in a second database too, once, in that order; what is not is counted."""

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

from . import conversations, frontend, pq
from . import server as servers
from .gateway import Gateway
from .promises import promise_all
from .report import Failure, require
from .tls_server import free_port
from .traffic import wait_until

_PGBENCH = {"pgbench_accounts": "*", "pgbench_branches": "*", "pgbench_tellers": "*", "pgbench_history": "tid, bid, aid, delta"}


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    ground = _Ground(context, base)
    try:
        promise_all(context, base, context.further(base, _PROMISES, 3, slow=True), ground)
    finally:
        ground.other.stop()


class _Ground:
    """A server, and another one for what is mirrored."""

    def __init__(self, context, server):
        self.context, self.server = context, server
        self.other = servers.Server(server.bin_dir)
        for instance in (server, self.other):
            with instance.connect("postgres") as connection:
                connection.execute("DROP ROLE IF EXISTS teller; CREATE ROLE teller LOGIN")

    def pair(self, name, *statements):
        return _Pair(self, name, statements)


class _Pair:
    """A database and its target, with the same content, and a gateway before the first. In a with block."""

    def __init__(self, ground, name, statements):
        self.ground = ground
        self.source, self.target = ground.server.create(name), ground.other.create(name)
        self.folder = tempfile.mkdtemp(prefix="shadow-", dir=ground.server.folder)
        self.port = free_port()
        self.gateway = None
        self.say(*statements)

    def __enter__(self):
        return self

    def __exit__(self, _kind, problem, _):
        if not self.gateway:
            return
        state = self.gateway.state()
        self.gateway.stop()
        if isinstance(problem, Failure):
            raise Failure(f"{problem}\n{state}") from problem
        if problem:
            problem.add_note(state)

    def say(self, *statements):
        """To both databases, beside the gateway."""
        for connect in (self.at_source, self.at_target):
            with connect() as connection:
                for statement in statements:
                    connection.execute(statement)

    def at_source(self):
        return self.ground.server.connect(self.source)

    def at_target(self):
        return self.ground.other.connect(self.target)

    def begin(self, *arguments):
        self.gateway = Gateway(self.ground.context.options.segue, self.ground.server, "--shadow", self.ground.other.url(self.target),
                               "--shadow-queue", os.path.join(self.folder, "queue"), "--metrics", f"127.0.0.1:{self.port}", *arguments,
                               database=self.source)
        return self.gateway

    def client(self, user=servers.SUPERUSER, more=""):
        return self.gateway.connect(self.source, user, more)

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics") as answer:
            text = answer.read().decode()
        found = re.search(rf"^segue_gateway_shadow_{re.escape(name)} ([0-9.]+)$", text, re.M)
        require(found, f"no metric {name}\n{text}")
        return float(found.group(1))

    def drained(self, seconds=60):
        wait_until(lambda: self.metric("connected") == 1 and self.metric("queue_records") == 0, "everything is mirrored", seconds)

    def dropped(self):
        return sum(self.metric(f'dropped_total{{reason="{reason}"}}')
                   for reason in ("full", "disk", "large", "unseen", "two_phase", "unknown"))

    def clean(self):
        """Nothing was left out, on whatever ground."""
        counted = {name: self.metric(name) for name in ("failed_total", "differing_total", "damaged_total")}
        counted["dropped"] = self.dropped()
        require(not any(counted.values()), f"{counted}\n{self.gateway.said()[-3000:]}")

    def equal(self, **tables):
        """The rows of tables, in both databases; of those named, the columns given."""
        for table, columns in tables.items():
            sql = f"SELECT t::text FROM (SELECT {columns} FROM {table}) t ORDER BY 1"
            with self.at_source() as source, self.at_target() as target:
                here, there = source.column(sql), target.column(sql)
            wrong = [(a, b) for a, b in zip(here, there) if a != b][:5]
            require(here == there, f"{table}: {len(here)} rows and {len(there)}, {wrong}\n{self.gateway.said()[-2000:]}")

    def bench(self, *arguments):
        with self.benching(*arguments) as process:
            said = process.communicate()[0].decode(errors="replace")
        require(process.returncode == 0 and "failed transactions: 0" in said, f"pgbench {arguments}\n{said[-3000:]}")
        return int(re.search(r"processed: (\d+)", said).group(1))

    def benching(self, *arguments):
        program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
        return subprocess.Popen([program, "-n", *arguments], env=self.gateway.environment(self.source), stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    @contextlib.contextmanager
    def under_load(self, script):
        """pgbench of eight clients, again and again until the end of the with block."""
        ended, problems = threading.Event(), []

        def load():
            try:
                while not ended.is_set():
                    self.bench("-c", "8", "-t", "50", "-M", "prepared", "-f", script)
            except Exception as problem:  # pylint: disable=broad-except
                problems.append(problem)
        thread = threading.Thread(target=load)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
        require(not problems, f"{problems}")

    def script(self, text):
        path = os.path.join(self.folder, "script.sql")
        with open(path, "w") as file:
            file.write(text)
        return path

    def fill(self):
        """pgbench's tables, in both."""
        program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
        for instance, database in ((self.ground.server, self.source), (self.ground.other, self.target)):
            where = dict(os.environ, PGHOST=instance.folder, PGPORT=str(instance.port), PGUSER=servers.SUPERUSER, PGDATABASE=database)
            subprocess.run([program, "-i", "-s", "1", "-q"], env=where, check=True, capture_output=True)


def _bench(ground):
    """pgbench, in three modes, by eight clients: both databases are equal, and each transaction was done once"""
    with ground.pair("bench") as pair:
        pair.fill()
        pair.begin()
        done = sum(pair.bench("-c", "8", "-t", "150", "-M", mode) for mode in ("simple", "extended", "prepared"))
        pair.drained()
        pair.clean()
        pair.equal(**_PGBENCH)
        require(pair.metric("applied_total") == done, f"{done} transactions, {pair.metric('applied_total')} applied")


_ROWS = ("CREATE TABLE t (k integer PRIMARY KEY, v text NOT NULL DEFAULT '')", "INSERT INTO t SELECT i, '' FROM generate_series(1, 6) i")
# What is written last shows in what was there before it, so the order does.
_EXCHANGE = """\\set a random(1, 3)
\\set b random(4, 6)
\\set n random(1, 1000000000)
BEGIN;
UPDATE t SET v = md5(v || :n) WHERE k = :a;
UPDATE t SET v = md5(v || (SELECT v FROM t WHERE k = :a)) WHERE k = :b;
COMMIT;
"""


_SINGLE = """\\set a random(1, 6)
\\set n random(1, 1000000000)
UPDATE t SET v = md5(v || :n) WHERE k = :a;
"""


def _order(ground):
    """Transactions whose order shows in what they write, by sixteen clients on six rows: the target comes to the same"""
    with ground.pair("exchange", *_ROWS) as pair:
        pair.begin()
        for text in (_EXCHANGE, _SINGLE):
            path = pair.script(text)
            for mode in ("simple", "extended", "prepared"):
                pair.bench("-c", "16", "-t", "100", "-M", mode, "-f", path)
                pair.drained()
                pair.equal(t="*")
        pair.clean()


def _conversations(ground):
    """Whatever clients say, in whatever pieces: they are answered as by the server, and what comes of it is mirrored or counted"""
    with ground.pair("talk", conversations.SCHEMA) as pair:
        pair.begin("--log-level", "warning")
        direct = os.path.join(ground.server.folder, f".s.PGSQL.{ground.server.port}")
        chance = random.Random(1)

        def fresh():
            pair.say("TRUNCATE talk, inbox", "INSERT INTO talk SELECT i, 'word ' || i FROM generate_series(1, 500) i")
        for name, said in conversations.CONVERSATIONS.items():
            data = frontend.startup(database=pair.source) + said + frontend.TERMINATE
            fresh()
            expected = conversations.answers(direct, data)
            for way in range(3):
                fresh()
                before = pair.dropped()
                cuts = sorted(chance.randrange(len(data)) for _ in range((0, 5, 60)[way]))
                found = conversations.answers(pair.gateway.address, data, cuts)
                require(found == expected, f"{name}, cut at {cuts}: {str(found)[-500:]}, not {str(expected)[-500:]}")
                pair.drained()
                if pair.dropped() == before:
                    pair.equal(talk="*", inbox="*")


# Each in a session of its own; what the letter before says: a simple query, or the extended protocol.
_STATEMENTS = {
    "transactions": ("BEGIN", "INSERT INTO w VALUES ('kept')", "COMMIT", "BEGIN", "INSERT INTO w VALUES ('gone')", "ROLLBACK"),
    "savepoints": ("BEGIN", "INSERT INTO w VALUES ('s1')", "SAVEPOINT a", "INSERT INTO w VALUES ('gone')", "SAVEPOINT a",
                   "INSERT INTO w VALUES ('gone too')", "ROLLBACK TO a", "RELEASE a", "INSERT INTO w VALUES ('gone as well')", "ROLLBACK TO a",
                   "INSERT INTO w VALUES ('s2')", "INSERT INTO nowhere VALUES (1)", "ROLLBACK TO a", "INSERT INTO w VALUES ('s3')", "COMMIT"),
    "a failed transaction that is committed": ("BEGIN", "INSERT INTO w VALUES ('gone')", "SELECT 1/0", "COMMIT"),
    "chains": ("BEGIN", "INSERT INTO w VALUES ('c1')", "COMMIT AND CHAIN", "INSERT INTO w VALUES ('c2')", "ROLLBACK AND CHAIN",
               "INSERT INTO w VALUES ('c3')", "COMMIT"),
    "several in one query": ("INSERT INTO w VALUES ('m1'); INSERT INTO w VALUES ('m2')", "INSERT INTO w VALUES ('gone'); SELECT 1/0",
                             "INSERT INTO w VALUES ('m3'); COMMIT; INSERT INTO w VALUES ('gone'); SELECT 1/0",
                             "BEGIN; INSERT INTO w VALUES ('m4'); COMMIT; BEGIN; INSERT INTO w VALUES ('m5')", "COMMIT",
                             "INSERT INTO w VALUES ('m6;'); ; -- INSERT INTO w VALUES ('gone');\n"),
    "prepared by SQL": ("PREPARE p (text) AS INSERT INTO w VALUES ($1)", "EXECUTE p ('p1')", "BEGIN", "EXECUTE p ('p2')", "EXECUTE p ('p3')", "COMMIT",
                        "DEALLOCATE p", "PREPARE p AS SELECT 1", "EXECUTE p"),
    "settings": ("SET search_path = other", "INSERT INTO w VALUES ('in other')", "SET datestyle = 'German, DMY'",
                 "INSERT INTO public.d VALUES ('03.04.2020'::timestamptz)", "SET timezone = 'Asia/Tokyo'",
                 "INSERT INTO public.d VALUES ('03.04.2020 05:00'::timestamptz)", "BEGIN", "SET LOCAL search_path = public",
                 "SET timezone = 'America/Lima'", "INSERT INTO w VALUES ('in public')", "ROLLBACK",
                 "INSERT INTO public.d VALUES ('03.04.2021 05:00'::timestamptz)", "RESET search_path", "INSERT INTO w VALUES ('in public')",
                 "SELECT set_config('app.who', 'me', false)", "INSERT INTO w VALUES (current_setting('app.who'))", "DISCARD ALL",
                 "INSERT INTO w VALUES (nullif(current_setting('app.who', true), ''))", "INSERT INTO d VALUES ('03.04.2022 05:00')"),
    "a role": ("SET ROLE teller", "INSERT INTO w VALUES (current_user)", "RESET ROLE", "INSERT INTO w VALUES (current_user)",
               "BEGIN", "SET LOCAL ROLE teller", "INSERT INTO w VALUES (current_user || ' in a transaction')", "COMMIT",
               "INSERT INTO w VALUES (current_user)"),
    "functions": ("SELECT note('f1')", "SELECT length('no'), note('f2') FROM w WHERE x = 'kept'", "DO $$ BEGIN PERFORM note('f3'); END $$",
                  "CALL noting('f4')", "BEGIN", "SELECT note('gone')", "ROLLBACK", "SELECT nextval('s')"),
    "cursors": ("BEGIN", "DECLARE c CURSOR FOR SELECT x FROM w WHERE x LIKE 'm%' ORDER BY x FOR UPDATE", "FETCH 2 FROM c",
                "UPDATE w SET x = x || ' at the cursor' WHERE CURRENT OF c", "CLOSE c", "COMMIT"),
    "what looks like a reader": ("WITH n AS (INSERT INTO w VALUES ('with') RETURNING x) SELECT x FROM n", "SELECT x INTO made FROM w WHERE x = 'kept'",
                                 "EXPLAIN (ANALYZE, COSTS off) INSERT INTO w VALUES ('explained')", "EXPLAIN INSERT INTO w VALUES ('gone')",
                                 "CREATE TABLE made_as AS SELECT count(*) FROM w", "TRUNCATE made_as"),
    "deferred": ("BEGIN", "INSERT INTO c VALUES (1, 2)", "COMMIT", "BEGIN", "INSERT INTO c VALUES (3, 4)", "INSERT INTO c VALUES (4, 3)", "COMMIT",
                 "INSERT INTO c VALUES (5, 6)"),
    "statements that fail": ("INSERT INTO c VALUES (3, 3)", "INSERT INTO w SELECT 1/0", "UPDATE nowhere SET x = 1", "INSERT INTO w VALUES ('after')"),
}
_TABLES = dict(w="*", d="*", c="*", made="*", made_as="*", s="last_value", **{"other.w": "*"})
_SCHEMA = """
CREATE TABLE w (x text);
CREATE TABLE d (at timestamptz);
CREATE TABLE c (a integer PRIMARY KEY, b integer REFERENCES c DEFERRABLE INITIALLY DEFERRED);
CREATE SEQUENCE s;
CREATE SCHEMA other;
CREATE TABLE other.w (x text);
GRANT ALL ON w TO teller;
CREATE FUNCTION note(t text) RETURNS integer LANGUAGE sql AS $$ INSERT INTO w VALUES (t) RETURNING 1 $$;
CREATE PROCEDURE noting(t text) LANGUAGE sql AS $$ INSERT INTO w VALUES (t) $$;
"""


def _statements(ground):
    """Transactions, savepoints, errors, settings, roles, functions and cursors: simple and extended, what is committed is mirrored, and nothing else"""
    with ground.pair("statements", _SCHEMA) as pair:
        pair.begin("--log-level", "warning")
        for name, statements in _STATEMENTS.items():
            for way in ("simple", "extended"):
                with frontend.Frontend(pair.gateway.address) as client:
                    client.begin("postgres", pair.source)
                    for sql in statements:
                        one = ";" not in sql or "$$" in sql
                        client.send(frontend.query(sql) if way == "simple" or not one
                                    else frontend.parse(sql) + frontend.bind() + frontend.execute() + frontend.SYNC)
                        client.until("Z")
            pair.drained()
            with pair.at_source() as source:
                there = source.column("SELECT t FROM unnest($1::text[]) t WHERE to_regclass(t) IS NOT NULL", f"{{{','.join(_TABLES)}}}")
            pair.equal(**{table: _TABLES[table] for table in there})
            require(pair.metric("failed_total") == 0, f"{name}: failed\n{pair.gateway.said()[-2000:]}")
        with pair.at_source() as source:
            require(source.value("SELECT count(*) FROM w WHERE x LIKE 'gone%'") == "0", "the statements themselves")
        pair.clean()


def _copy(ground):
    """COPY of lines and of a large table, in transactions and without, cut off by the client, with rows that do not fit"""
    with ground.pair("copy", "CREATE TABLE w (i integer, x text)",
                     "CREATE FUNCTION note(n integer) RETURNS integer LANGUAGE sql AS $$ INSERT INTO w VALUES (n) RETURNING 1 $$") as pair:
        pair.begin()
        with pair.client() as client:
            client.copy_in("COPY w FROM STDIN", [f"{i}\tline {i}" for i in range(100000)])
            client.execute("BEGIN; DELETE FROM w WHERE i % 3 = 0")
            client.copy_in("COPY w (i) FROM STDIN WITH (FORMAT csv)", ["1", "2"])
            client.execute("INSERT INTO w SELECT -1, repeat('x', 100000)")
            client.execute("COMMIT")
            try:
                client.copy_in("COPY w FROM STDIN", ["no number\t"])
            except pq.DatabaseError as error:
                require(error.sqlstate == "22P02", str(error))
        with frontend.Frontend(pair.gateway.address) as client:  # each COPY in one query has its own data, and that to the client none
            client.begin(database=pair.source)
            client.send(frontend.query("COPY (SELECT note(7)) TO STDOUT; COPY w FROM STDIN; DELETE FROM w WHERE i = 8; COPY w FROM STDIN"),
                        *(part for i in (8, 9) for part in (frontend.copy_data(f"{i}\tof one\n".encode()), frontend.COPY_DONE)))
            require(not [body for kind, body in client.until("Z") if kind == "E"], "COPY beside COPY")
        pair.drained()
        pair.equal(w="*")
        pair.clean()


_SLOW = "INSERT INTO w SELECT {} FROM pg_sleep(0.1)"
_BATCH = frontend.parse(_SLOW.format(3)) + frontend.bind() + frontend.execute() + frontend.SYNC
_LAST_WORDS = {
    "a query": [frontend.query(_SLOW.format(1))],
    "two queries": [frontend.query(_SLOW.format(1)), frontend.query(_SLOW.format(2))],
    "a batch": [_BATCH],
    "two batches": [_BATCH, _BATCH],
    "a transaction": [frontend.query("BEGIN"), frontend.query(_SLOW.format(4)), frontend.query("COMMIT")],
}


def _half_closed(ground):
    """A client that sends no more is told what it would be told by the server; what it asked is done, and mirrored"""
    def said(address, words, cut):
        with frontend.Frontend(address) as client:
            client.begin(database=pair.source)
            for word in words if cut else [b"".join(words)]:
                client.send(word)
                time.sleep(0.02 * cut)  # they are to come as pieces of their own
            client.socket.shutdown(socket.SHUT_WR)
            return client.rest()
    with ground.pair("halves", "CREATE TABLE w (i integer)") as pair:
        pair.begin()
        direct = os.path.join(ground.server.folder, f".s.PGSQL.{ground.server.port}")
        for name, words in _LAST_WORDS.items():
            expected = said(direct, words, False)
            for cut in (False, True):
                pair.say("TRUNCATE w")
                found = said(pair.gateway.address, words, cut)
                require(found == expected, f"{name}, {'in pieces' if cut else 'at once'}: {found}, not {expected}")
                pair.drained()
                with pair.at_source() as source:
                    require(source.value("SELECT count(*) FROM w") == str(expected.count(b"INSERT 0 1")), f"{name}: it was not done")
                pair.equal(w="*")
        pair.clean()


def _pipelines(ground):
    """Pipelines: a batch that fails leaves nothing, those before and behind it do; values of every kind arrive as they were"""
    with ground.pair("pipelines", "CREATE TABLE w (i integer, x text, b bytea)") as pair:
        pair.begin()
        insert = "INSERT INTO w (i, x) VALUES ($1, $2)"
        with pair.client() as client:
            client.pipeline([(insert, (1, "ä\\'\"")), (insert, (2, None))], [(insert, (3, "gone")), ("SELECT 1/$1::int", (0,)), (insert, (4, "gone"))],
                            [("BEGIN", ()), (insert, (5, "")), ("COMMIT", ())], [(insert, (6, "x" * 200000))])
            client.prepare("named", "UPDATE w SET b = decode($1, 'hex') WHERE i = $2")
            for i in range(5):
                client.run_prepared("named", "00ff" * i, i)
        pair.drained()
        pair.equal(w="*")
        pair.clean()


_WORK = """\\set n random(1, 9000000000000000000)
\\set a random(1, 6)
BEGIN;
UPDATE t SET v = md5(v || :n) WHERE k = :a;
INSERT INTO log VALUES (:n);
COMMIT;
"""
_LOG = "CREATE TABLE log (n bigint)"


def _gateway_killed(ground):
    """The gateway is killed, three times: what clients were told is mirrored once, what they were not told at most once"""
    with ground.pair("killed", *_ROWS, _LOG) as pair:
        clients = 8
        for _ in range(3):
            gateway = pair.begin()
            with pair.benching("-c", str(clients), "-T", "30", "-M", "prepared", "-f", pair.script(_WORK)) as process:
                wait_until(lambda: pair.metric("applied_total") > 300, "it is at work")
                os.kill(gateway.pid, signal.SIGKILL)
                gateway.process.wait()
                process.communicate()
        pair.begin()
        pair.drained()
        with pair.at_source() as source, pair.at_target() as target:
            here, there = source.column("SELECT n FROM log"), target.column("SELECT n FROM log")
        require(len(there) == len(set(there)) and set(there) <= set(here), "something was done twice, or was made up")
        lost = len(here) - len(there)
        require(lost <= 3 * clients and len(there) > 900, f"{lost} of {len(here)} are missing")
        pair.clean()


def _target_killed(ground):
    """The target crashes under load, and loses commits that had not reached its disk: all is there in the end, once"""
    with ground.pair("crashing", *_ROWS, _LOG) as pair:
        pair.begin()
        with pair.under_load(pair.script(_WORK)):
            for _ in range(3):
                before = pair.metric("applied_total")
                wait_until(lambda: pair.metric("applied_total") > before + 300, "it is at work")
                ground.other.crash()
                wait_until(lambda: pair.metric("connected") == 0, "the gateway sees it")
                ground.other.launch()
        pair.drained()
        pair.equal(t="*", log="*")
        pair.clean()


def _target_down(ground):
    """While the target is down clients work on; the queue grows to its bound, and what comes then is counted"""
    with ground.pair("down", *_ROWS, _LOG) as pair:
        pair.begin("--shadow-max", "1")
        with pair.at_target() as target:
            target.execute("CHECKPOINT")  # the crash takes what has not come to the disk
        ground.other.crash()
        try:
            first = pair.bench("-c", "4", "-t", "50", "-f", pair.script(_WORK))
            require(pair.metric("queue_records") == first, "they wait")
            more = 0
            while pair.dropped() == 0:
                more += pair.bench("-c", "4", "-t", "500", "-f", pair.script(_WORK))
            waiting = pair.metric("queue_records")
            require(waiting + pair.dropped() == first + more, "each is counted")
            require(pair.metric("queue_bytes") <= 1 << 20 and pair.metric("behind_seconds") > 0, "within the bound")
            require("event=shadow_unreachable" in pair.gateway.said() and "reason=full" in pair.gateway.said(), pair.gateway.said())
        finally:
            ground.other.launch()
        pair.drained()
        with pair.at_target() as target:
            done = float(target.value("SELECT count(*) FROM log"))
        require(done == waiting, f"{waiting} waited, and {done} were done\n{pair.gateway.said()[-3000:]}")
        require(pair.metric("queue_bytes") < 1 << 19, "its files are gone")


def _failures(ground):
    """What the target refuses is rolled back there, counted, logged without values, and passed over; clients see nothing"""
    secret = "4711-secret"
    with ground.pair("failures", "CREATE TABLE w (x text)", "CREATE TABLE one (x text)") as pair:
        with pair.at_target() as target:
            target.execute("DROP TABLE one; INSERT INTO w VALUES ('only here')")
        pair.begin()
        with pair.client() as client:
            client.execute(f"BEGIN; INSERT INTO w VALUES ('gone there'); INSERT INTO one VALUES ('{secret}'); COMMIT")
            client.execute("UPDATE w SET x = 'here' WHERE x = 'gone there'")
            client.rows("INSERT INTO w VALUES ($1)", secret)
        pair.drained()
        require((pair.metric("failed_total"), pair.metric("differing_total"), pair.metric("applied_total")) == (1, 1, 2), "counted")
        with pair.at_target() as target:
            require(sorted(target.column("SELECT x FROM w")) == sorted([secret, "only here"]), "what is there")
        said = pair.gateway.said()
        require(re.search(r"event=shadow_failed number=\d+ pid=\d+ sqlstate=42P01 statement=2 fingerprint=[0-9a-f]{16}", said) and secret not in said
                and re.search(r"event=shadow_differs number=\d+ pid=\d+ statement=1 fingerprint=", said), said)


def _refusals(ground):
    """A queue that another gateway uses, and half of the settings, are refused; a queue that cannot be written stops nobody"""
    with ground.pair("refusals", "CREATE TABLE w (x text)") as pair:
        pair.begin()
        environment = dict(os.environ, SEGUE_URL=ground.server.url(pair.source), NO_COLOR="1")
        for more, status, words in ((["--shadow-queue", os.path.join(pair.folder, "queue"), "--shadow", "x"], 1, "used by another process"),
                                    (["--shadow", "x"], 2, "--shadow-queue DIR"),
                                    (["--shadow-queue", "/proc/none", "--shadow", "x"], 3, "cannot be made")):
            result = subprocess.run([ground.context.options.segue, "gateway", "--listen", "127.0.0.1:0", *more], env=environment,
                                    capture_output=True, timeout=30)
            require(words in result.stderr.decode() and result.returncode == status, f"{more}: {result.returncode} {result.stderr.decode()}")


_PROMISES = [_bench, _order, _conversations, _statements, _copy, _half_closed, _pipelines, _gateway_killed, _target_killed, _target_down, _failures, _refusals]
