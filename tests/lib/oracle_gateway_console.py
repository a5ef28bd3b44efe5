"""The console of a gateway: what it shows is so, PAUSE and RESUME keep their word, and no client of it harms anybody."""

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time

from . import frontend as fe
from . import gateway_clients
from . import server as servers
from .gateway import Gateway
from .mangling import mangle_console
from .oracle_ramp import MIGRATION, NEW, OLD, SCHEMA
from .pq import Connection, DatabaseError
from .promises import Ground, promise_all
from .report import require
from .tls_server import free_port
from .traffic import wait_until

_PORT = 6433
_RACES = 200


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = servers.Server(base.bin_dir, {"max_connections": "300"})
    try:
        promise_all(context, server, context.further(base, _PROMISES, 3), _Ground(context, server))
    finally:
        server.stop()


class _Ground(Ground):
    """A database with both versions live, and gateways with a console before it."""

    def __init__(self, context, server):
        super().__init__(context, server)
        self.database, self.segue = self.made("consoled", SCHEMA)
        self.segue.must("start", self.file("0001_names", MIGRATION))

    def gateway(self, *arguments, **options):
        return _Consoled(self, *arguments, **options)


class _Consoled(Gateway):
    """Its console is in its own folder."""

    def __init__(self, ground, *arguments, place=None, **options):
        self.place = place or tempfile.mkdtemp(prefix="console-", dir=ground.server.folder)
        self.database = ground.database
        super().__init__(ground.context.options.segue, ground.server, "--console", f"{self.place}:{_PORT}", *arguments,
                         database=ground.database, **options)

    @property
    def console_socket(self):
        return os.path.join(self.place, f".s.PGSQL.{_PORT}")

    def console(self):
        return Connection(f"host={self.place} port={_PORT} user=anybody dbname=anything")

    def told(self, sql):
        """The rows of a command, as dicts."""
        with self.console() as console:
            return console.dicts(sql)

    def do(self, sql):
        with self.console() as console:
            console.execute(sql)

    def client(self, more=""):
        return self.connect(self.database, more=more)

    def psql(self, *arguments, stdin=None, user=None):
        program = shutil.which("psql") or os.path.join(servers.DEBIAN_BIN, "psql")
        done = subprocess.run([program, "-X", "-h", self.place, "-p", str(_PORT), "-U", "me", "-d", "any", *arguments], input=stdin, timeout=30,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, user=user)
        return done.returncode, done.stdout


def _refusal(act):
    try:
        act()
    except DatabaseError as error:
        return error
    return None


def _refused(act, sqlstate, words):
    error = _refusal(act)
    require(error and error.sqlstate == sqlstate and words in str(error), f"{error!r} instead of {sqlstate} {words!r}")


def _psql(ground):
    """psql speaks with it: every SHOW, any case, several statements in a string, \\x, \\gdesc, errors with a hint"""
    with ground.gateway() as gateway:
        code, said = gateway.psql("-At", "-c", "show HELP;")
        require(code == 0 and "PAUSE [SECONDS]|" in said, said)
        shows = re.findall(r"^(SHOW \w+)\|", said, re.M)
        require(len(shows) == 8, said)
        for show in shows:
            code, said = gateway.psql("-c", show.lower())
            require(code == 0 and re.search(r"\(\d+ rows?\)", said), f"{show}: {said}")
            code, said = gateway.psql("-x", "-c", f"/* a comment; */ {show} -- another")
            require(code == 0, f"{show} with \\x: {said}")
        code, said = gateway.psql("-At", "-c", "SHOW VERSION; RESUME;; show version")
        require(code == 0 and said.count("segue ") == 2 and "RESUME" in said, said)
        code, said = gateway.psql("-c", "SHOW VERSION; SHOW NOTHING; SHOW VERSION")
        require(code == 1 and said.count("segue ") == 1 and "no command SHOW NOTHING" in said, said)
        code, said = gateway.psql("-c", "show sesions")
        require(code == 1 and "did you mean SHOW SESSIONS?" in said, said)
        code, said = gateway.psql("-v", "VERBOSITY=verbose", "-c", "SELECT 1")
        require(code == 1 and "42601" in said and "SHOW HELP" in said, said)
        code, said = gateway.psql(stdin="SHOW VERSION \\gdesc\nRESUME \\gdesc\nBEGIN;\nSHOW VERSION;\nCOMMIT;\n\\echo still here\n")
        require("no result" in said and said.count("segue ") == 1 and "still here" in said and "COMMIT" in said, said)
        for wrong in ("KILL", "KILL x", "KILL 1 2", "PAUSE 0", "PAUSE -1", "PAUSE 601", "PAUSE soon", "RESUME now", "SHOW VERSION x"):
            code, said = gateway.psql("-c", wrong)
            require(code == 1 and "ERROR" in said and "HINT" in said, f"{wrong}: {said}")
        code, said = gateway.psql("-At", "-c", "", "-c", ";", "-c", "SHOW VERSION")
        require(code == 0 and said.startswith("segue "), said)


_DRIVERS = {
    "psycopg2": """
import psycopg2
db = psycopg2.connect("")
with db, db.cursor() as cur:
    cur.execute("SHOW VERSION")
    assert cur.fetchone()[0].startswith("segue "), "SHOW VERSION"
    cur.execute("SHOW STATS")
    assert isinstance(cur.fetchone()[0], int)
try:
    with db, db.cursor() as cur:
        cur.execute("SHOW NOTHING")
except psycopg2.errors.SyntaxError as error:
    assert error.pgcode == "42601"
db.autocommit = True
with db.cursor() as cur:
    cur.execute("PAUSE 5")
    assert cur.statusmessage == "PAUSE", cur.statusmessage
    cur.execute("RESUME")
    assert cur.statusmessage == "RESUME"
    cur.execute("SHOW VERSIONS")
    assert len(cur.fetchall()) == 3
""",
    "psycopg3": """
import psycopg
with psycopg.connect("") as db:
    for binary in (False, True):
        for prepare in (False, True):
            with db.cursor(binary=binary) as cur:
                cur.execute("SHOW STATS", prepare=prepare)
                row = cur.fetchone()
                assert isinstance(row[0], int) and isinstance(row[10], float) and row[11] == "no", row
                cur.execute("SHOW VERSIONS", prepare=prepare)
                assert [row[1] for row in cur.fetchall()] == ["current", "new", "none"]
    try:
        with db.transaction():
            db.execute("SHOW NOTHING")
    except psycopg.errors.SyntaxError:
        pass
    with db.pipeline():
        asked = [db.execute("SHOW VERSION") for _ in range(20)]
        assert all(cur.fetchone()[0].startswith("segue ") for cur in asked)
""",
}


def _drivers(ground):
    """psycopg2 and psycopg3 speak with it: transactions of their own accord, prepared, binary, pipelined"""
    with ground.gateway() as gateway:
        for name, script in _DRIVERS.items():
            client = gateway_clients.Client(name)
            try:
                client.fetch()
            except gateway_clients.Unavailable as why:
                ground.context.report.note(f"{name} cannot be had here, and was not tried: {str(why)[-200:]}")
                continue
            where = dict(os.environ, PGHOST=gateway.place, PGPORT=str(_PORT), PGUSER="me", PGDATABASE="any", PYTHONPATH=client.lib)
            done = subprocess.run([sys.executable, "-c", script], env=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  timeout=60, check=False)
            require(done.returncode == 0, f"{name}: {done.stdout}")


def _kinds(answers):
    return "".join(kind for kind, _ in answers)


def _extended(ground):
    """The extended protocol, message by message: describe, portions of rows, binary columns, errors up to the next Sync"""
    with ground.gateway() as gateway, fe.Frontend(gateway.console_socket) as client:
        client.begin()
        client.send(fe.parse("SHOW STATS", "s"), fe.describe("S", "s"), fe.bind(name="s"), fe.describe(), fe.execute(), fe.SYNC)
        require(_kinds(client.until("Z")) == "1tT2TDCZ", "a prepared SHOW")
        client.send(fe.parse("SHOW HELP"), fe.bind(), fe.execute(most=3), fe.execute(most=3), fe.execute(), fe.SYNC)
        said = _kinds(client.until("Z"))
        require(re.fullmatch("12DDDsDDDsD+CZ", said), f"in portions: {said}")
        client.send(fe.message("B", b"\0s\0" + struct.pack("!HHHH", 0, 0, 1, 1)), fe.describe(), fe.execute(), fe.SYNC)
        row = dict(client.until("Z"))["D"]
        require(row[2:6] == struct.pack("!I", 8) and len(row) > 100, "a count of eight bytes")
        client.send(fe.parse("RESUME; RESUME"), fe.bind(), fe.execute(), fe.SYNC, fe.query("SHOW VERSION"))
        require(_kinds(client.until("Z")) == "EZ" and _kinds(client.until("Z")) == "TDCZ", "two commands in one statement")
        for parts in ([fe.parse("SHOW NOTHING")], [fe.bind(name="absent")], [fe.execute("absent")], [fe.describe("S", "absent")],
                      [fe.parse("SHOW VERSION", "s")], [fe.bind("a", name="s")], [fe.parse("KILL 1"), fe.bind(), fe.execute()]):
            client.send(*parts, fe.execute("later"), fe.bind(name="later"), fe.SYNC)
            require(_kinds(client.until("Z"))[-2:] == "EZ", f"{parts}")
        client.send(fe.parse(""), fe.bind(), fe.describe(), fe.execute(), fe.SYNC)
        require(_kinds(client.until("Z")) == "12nIZ", "an empty statement")
        client.send(*(fe.parse("SHOW VERSION", f"n{i}") for i in range(200)), fe.SYNC)
        require(_kinds(client.until("Z")).endswith("EZ"), "a hundred statements, and no more")
    with ground.gateway() as gateway:
        for begin, expected in ((fe.packet(fe.SSL), b"N"), (fe.packet(fe.GSS), b"N")):
            with fe.Frontend(gateway.console_socket) as client:
                client.send(begin)
                require(client.socket.recv(1) == expected, "encryption is declined")
                client.begin()
        with fe.Frontend(gateway.console_socket) as client:
            said = client.begin(version=fe.VERSION_3_2, **{"_pq_.grease": "x"})
            require(said[0] == ("v", struct.pack("!II", fe.VERSION_3_0, 1) + b"_pq_.grease\0"), f"{said[0]}")


def _shown(ground):
    """SHOW SESSIONS, VERSIONS, STATS, LISTEN and CONFIG say what is so, of sessions on both versions"""
    ground.segue.must("ramp", "0")
    with ground.gateway("--max-clients", "77") as gateway, gateway.client("application_name='it\\'s'") as client:
        client.execute("SET statement_timeout = 0")
        client.execute("CREATE TEMP TABLE kept (i int)")
        session, = gateway.told("SHOW SESSIONS")
        require(session["user"] == "postgres" and session["database"] == ground.database and session["application"] == "it's", f"{session}")
        require(session["client"].startswith("127.0.0.1:") and session["version"] == OLD and session["state"] == "idle", f"{session}")
        require(session["tls"] == "off" and int(session["bytes_in"]) > 0 and int(session["bytes_out"]) > 0, f"{session}")
        require(abs(time.time() - _seconds(session["since"])) < 60, f"{session}")
        client.execute("BEGIN")
        require(gateway.told("SHOW SESSIONS")[0]["state"] == "in transaction", "the state")
        client.execute("COMMIT")
        ground.segue.must("ramp", "100")
        with gateway.client() as new:
            require(NEW in new.value("SHOW search_path"), "the new version")
            sessions = {row["version"]: row for row in gateway.told("SHOW SESSIONS")}
            require(set(sessions) == {OLD, NEW} and sessions[OLD]["stays"] == "temporary tables", f"{sessions}")
            _refusal(lambda: new.rows("SELECT nothing"))
            versions = {row["version"]: row for row in gateway.told("SHOW VERSIONS")}
            require(versions[NEW]["role"] == "new" and versions[NEW]["share"] == "100" and versions[NEW]["sessions"] == "1"
                    and versions[NEW]["errors"] == "1" and versions[NEW]["breaker"] == "closed", f"{versions}")
            require(versions[OLD]["role"] == "current" and versions[OLD]["share"] == "0" and versions[OLD]["sessions"] == "1"
                    and float(versions[OLD]["p50_ms"]) <= float(versions[OLD]["p99_ms"]), f"{versions}")
        stats, = gateway.told("SHOW STATS")
        require(stats["begun"] == "2" and stats["errors"] == "1" and stats["draining"] == "no" and stats["paused_seconds"] == "0", f"{stats}")
        places = {row["what"]: row["where"] for row in gateway.told("SHOW LISTEN")}
        require(places["console"] == gateway.console_socket, f"{places}")
        config = {row["name"]: row["value"] for row in gateway.told("SHOW CONFIG")}
        require(config["max-clients"] == "77" and ground.database in config["url"], f"{config}")
    ground.segue.must("ramp", "0")


def _seconds(moment):
    return time.mktime(time.strptime(moment, "%Y-%m-%d %H:%M:%S+00")) - time.timezone


def _many(ground):
    """SHOW SESSIONS counts 200 sessions right while they work, and none of them is wrong for it"""
    with ground.gateway("--workers", "3") as gateway, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(gateway.client(f"application_name={i}")) for i in range(200)]
        for _ in range(3):
            for i, client in enumerate(clients):
                client.send(f"SELECT {i}")
            rows = gateway.told("SHOW SESSIONS")
            require(sorted(int(row["application"]) for row in rows) == list(range(200)), "each session once")
            for i, client in enumerate(clients):
                client.finish()
                require(client.value(f"SELECT {i}") == str(i), "an answer")


class _Traffic:
    """pgbench through a gateway; what it says of each transaction."""

    def __init__(self, ground, gateway, seconds, clients=8):
        self._folder = tempfile.mkdtemp(dir=ground.server.folder)
        script = os.path.join(self._folder, "script.sql")
        with open(script, "w") as file:
            file.write("\\set id random(1, 2000)\nBEGIN;\nUPDATE users SET visits = visits + 1 WHERE id = :id;\nSELECT visits FROM users WHERE id = :id;\nEND;\n")
        program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
        self._run = subprocess.Popen([program, "-n", "-f", script, "-c", str(clients), "-T", str(seconds), "-R", "400", "-M", "prepared", "-l",
                                      "--log-prefix", os.path.join(self._folder, "log")],
                                     env=gateway.environment(ground.database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def end(self):
        """The longest transaction, in seconds, and how many there were."""
        said = self._run.communicate()[0]
        require(self._run.returncode == 0 and "number of failed transactions: 0 " in said, said[-2000:])
        took = []
        for name in os.listdir(self._folder):
            if name.startswith("log"):
                with open(os.path.join(self._folder, name)) as file:
                    # With -R the time is counted from when it was due; how late it began is told behind it.
                    took += [(int(fields[2]) - int(fields[6])) / 1e6 for fields in map(str.split, file)]
        return max(took), len(took)


def _pause(ground):
    """PAUSE under pgbench returns when no transaction runs, none runs until RESUME, no client sees an error, and none waits longer than the pause"""
    length = 3.0
    with ground.gateway() as gateway:
        traffic = _Traffic(ground, gateway, 8)
        with ground.server.connect(ground.database) as beside, gateway.console() as console:
            wait_until(lambda: gateway.told("SHOW STATS")[0]["sessions"] == "8", "pgbench is there")
            time.sleep(1)
            for _ in range(3):
                began = time.monotonic()
                console.execute(f"PAUSE {length}")
                paused = time.monotonic() - began
                running = "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND application_name = 'pgbench'"
                before = beside.value("SELECT sum(visits) FROM users")
                for _ in range(10):
                    require(beside.value(running) == "0", "a transaction runs while PAUSE is on")
                    time.sleep(0.02)
                require(beside.value("SELECT sum(visits) FROM users") == before, "something was written while PAUSE was on")
                require(float(gateway.told("SHOW STATS")[0]["paused_seconds"]) > 0, "SHOW STATS tells of the pause")
                require("waiting" in [row["state"] for row in gateway.told("SHOW SESSIONS")], "SHOW SESSIONS tells who waits")
                console.execute("RESUME")
                require(paused < length, f"PAUSE returned after {paused}")
                wait_until(lambda before=before: beside.value("SELECT sum(visits) FROM users") != before, "it goes on")
                time.sleep(0.3)
        longest, count = traffic.end()
        require(count > 500 and longest < length, f"{longest} s of {count}")
        ground.context.report.note(f"three pauses under pgbench: {count} transactions, the longest {longest:.3f} s, no error")


def _pause_expires(ground):
    """A pause that nobody ends is over when its time is; so is one whose console is gone"""
    with ground.gateway() as gateway, gateway.client() as client:
        gateway.do("PAUSE 1.5")
        began = time.monotonic()
        require(client.value("SELECT 1") == "1" and 1 < time.monotonic() - began < 5, "it waits until the time is over")
        wait_until(lambda: "event=pause_over" in gateway.said(), "the log tells")


def _pause_long(ground):
    """PAUSE that meets a transaction which does not end gives up when its time is over, says how many there were, and has let all go on"""
    with ground.gateway() as gateway, gateway.client() as inside, gateway.client() as other, gateway.console() as console:
        inside.execute("BEGIN")
        began, waited = time.monotonic(), []

        def ask():
            time.sleep(0.2)
            asked = time.monotonic()
            require(other.value("SELECT 1") == "1", "an answer")
            waited.append(time.monotonic() - asked)
        asker = threading.Thread(target=ask)
        asker.start()
        _refused(lambda: console.execute("PAUSE 1.5"), "57014", "1 session was still in a transaction")
        took = time.monotonic() - began
        asker.join()
        require(1.5 <= took < 4 and waited and waited[0] < 3, f"{took}, {waited}")
        require(inside.value("SELECT 2") == "2", "the transaction goes on")
        inside.execute("COMMIT")
        # One that ends in time lets it return.
        inside.execute("BEGIN")
        ender = threading.Timer(0.5, lambda: inside.execute("COMMIT"))
        ender.start()
        began = time.monotonic()
        console.execute("PAUSE 5")
        require(0.4 < time.monotonic() - began < 4, "it returned when the transaction had ended")
        _refused(lambda: console.execute("PAUSE"), "55006", "paused already")
        console.execute("RESUME")
        ender.join()


def _pause_left(ground):
    """Whoever waits for PAUSE and goes, or presses Ctrl-C, or hears RESUME from another console, has ended it: sessions go on"""
    with ground.gateway() as gateway, gateway.client() as inside, gateway.client() as other:
        inside.execute("BEGIN")
        for way in ("cancel", "resume", "gone", "killed"):
            console = gateway.console()
            console.send("PAUSE 60")
            wait_until(lambda: float(gateway.told("SHOW STATS")[0]["paused_seconds"]) > 0, "it is on")
            if way == "cancel":
                console.cancel()
                _refused(console.finish, "57014", "cancelled")
            elif way == "resume":
                gateway.do("RESUME")
                _refused(console.finish, "57014", "RESUME ended")
            elif way == "gone":
                console.close()
            else:
                require(gateway.psql("-c", "PAUSE 60")[0] == 1, "paused already")
                console.close()
            began = time.monotonic()
            require(other.value("SELECT 1") == "1" and time.monotonic() - began < 5, f"{way}: it goes on")
            wait_until(lambda: gateway.told("SHOW STATS")[0]["paused_seconds"] == "0", f"{way}: it is over")
            if way in ("cancel", "resume"):
                require(console.rows("SHOW VERSION"), "the console goes on")
                console.close()


def _races(ground):
    """RESUME that meets PAUSE at any moment, of several consoles, 200 times: no session is left waiting, no console either"""
    chance = random.Random(715)
    with ground.gateway() as gateway, contextlib.ExitStack() as stack:
        consoles = [stack.enter_context(gateway.console()) for _ in range(3)]
        clients = [stack.enter_context(gateway.client()) for _ in range(4)]
        began = time.monotonic()
        for number in range(_RACES):
            for client in clients:
                client.send("SELECT pg_sleep(0.002)")
            order = ["PAUSE 30", "RESUME", chance.choice(("PAUSE 30", "RESUME", "SHOW SESSIONS"))]
            chance.shuffle(order)
            for console, what in zip(consoles, order):
                console.send(what)
                if chance.random() < 0.5:
                    time.sleep(chance.random() * 0.006)
            # Those that are still under way end with this, which comes last.
            gateway.do("RESUME")
            for console in consoles:
                _refusal(console.finish)
            gateway.do("RESUME")
            for client in clients:
                client.finish()
            require(gateway.told("SHOW STATS")[0]["paused_seconds"] == "0", f"race {number}: a pause is left")
        require(time.monotonic() - began < _RACES * 0.5, f"{time.monotonic() - began} s: somebody waited")


def _beside_segue(ground):
    """An operator's pause and segue's own hold do not undo each other: RESUME leaves segue's, segue's release leaves the operator's"""
    call = "SELECT pg_notify('segue_gateway', '{}')"
    with ground.gateway() as gateway, gateway.client() as client, ground.server.connect(ground.database) as beside:
        def waits():
            client.send("SELECT 1")
            time.sleep(0.5)
            busy = client.busy()
            return busy
        gateway.do("PAUSE 20")
        beside.execute(call.format("hold 7 200"))
        time.sleep(0.4)
        beside.execute(call.format("release 7"))
        time.sleep(0.2)
        require(waits(), "segue's release ended the operator's pause")
        gateway.do("RESUME")
        client.finish()
        beside.execute(call.format("hold 8 3000"))
        wait_until(lambda: _is_held(gateway, client), "segue's hold is on")
        gateway.do("PAUSE 1")
        gateway.do("RESUME")
        time.sleep(0.3)
        require(client.busy(), "RESUME ended segue's hold")
        beside.execute(call.format("release 8"))
        client.finish()
        # The gateway goes on telling that it is at work while an operator pauses.
        gateway.do("PAUSE 20")
        time.sleep(6)
        require(beside.value("SELECT count(*) FROM segue.gateways WHERE seen_at > clock_timestamp() - interval '3 seconds'") == "1", "it is silent")
        gateway.do("RESUME")


def _is_held(gateway, client):
    if not client.busy():
        client.send("SELECT 1")
    if gateway.told("SHOW SESSIONS")[0]["state"] == "waiting":
        return True
    client.finish()
    return False


def _not_idle(ground):
    """Whoever has asked something and waits because of a pause is not idle"""
    with ground.gateway("--idle-timeout", "300ms") as gateway, fe.Frontend(gateway.address) as client:
        client.begin(database=ground.database)
        gateway.do("PAUSE 3")
        said = client.ask("SELECT 1")
        require([kind for kind, _ in said] == list("TDCZ"), f"{said}")


def _kill(ground):
    """KILL ends the session that it names with 57P01, also one that is in the midst of a large answer, and no other"""
    with ground.gateway() as gateway, gateway.client("application_name=one") as one, gateway.client("application_name=two") as two:
        pids = {row["application"]: row["pid"] for row in gateway.told("SHOW SESSIONS")}
        gateway.do(f"KILL {pids['one']}")
        error = _refusal(lambda: one.rows("SELECT 1"))
        require(error and ("administrator" in str(error) or "closed" in str(error)), f"{error}")
        require("sqlstate=57P01" in gateway.said(), "the log tells")
        require(two.value("SELECT 1") == "1", "the other one")
        _refused(lambda: gateway.do(f"KILL {pids['one']}"), "42704", "no session")
        with fe.Frontend(gateway.address) as client:
            client.begin(database=ground.database, application_name="three")
            client.send(fe.query("SELECT repeat('x', 1000000) FROM generate_series(1, 1000)"))
            wait_until(lambda: [row["pid"] for row in gateway.told("SHOW SESSIONS") if row["application"] == "three"], "it is there")
            client.read()
            pid = next(row["pid"] for row in gateway.told("SHOW SESSIONS") if row["application"] == "three")
            gateway.do(f"KILL {pid}")
            wait_until(lambda: all(row["pid"] != pid or row["state"] == "leaving" for row in gateway.told("SHOW SESSIONS")), "it is gone")


def _kill_ends_statements(ground):
    """KILL ends what the server does for the session, too: it commits nothing afterwards, and holds no lock"""
    running = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'long'"
    with ground.gateway() as gateway, ground.server.connect(ground.database) as other:
        other.execute("CREATE TABLE killed (a integer)")
        for begin in ([], ["BEGIN", "LOCK TABLE killed"]):
            with gateway.client("application_name=long") as client:
                for statement in begin:
                    client.execute(statement)
                client.send("INSERT INTO killed SELECT 1 FROM pg_sleep(600)")
                wait_until(lambda: other.value(running + " AND wait_event = 'PgSleep'") == "1", "it runs")
                gateway.do(f"KILL {gateway.told('SHOW SESSIONS')[0]['pid']}")
                wait_until(lambda: other.value(running) == "0", "the server has ended it")
        require(other.value("SELECT count(*) FROM killed") == "0", "it was committed after all")
        other.execute("DROP TABLE killed")


def _reload_and_shutdown(ground):
    """RELOAD takes the file and says what is wrong with it; SHUTDOWN drains, also while sessions are paused"""
    path = os.path.join(tempfile.mkdtemp(dir=ground.server.folder), "gateway.toml")

    def write(text):
        with open(path, "w") as file:
            file.write(text)
    write("max-clients = 5\n")
    with ground.gateway("--config", path) as gateway, gateway.client() as inside, gateway.client() as waiting:
        write("max-clients = 6\n[[rule]]\nuser = \"nobody\"\nversion = \"new\"\n[[rule]]\nuser = \"postgres\"\nversion = \"current\"\n")
        gateway.do("RELOAD")
        require({row["name"]: row["value"] for row in gateway.told("SHOW CONFIG")}["max-clients"] == "6", "RELOAD")
        rules = gateway.told("SHOW RULES")
        require([row["place"] for row in rules] == [f"{path}:2", f"{path}:5"] and rules[0]["whom"] == "user nobody", f"{rules}")
        wait_until(lambda: gateway.told("SHOW RULES")[1]["sessions"] == "2", "the sessions of a rule")
        write("max-clients = many\n")
        _refused(lambda: gateway.do("RELOAD"), "F0000", f"{path}:1")
        inside.execute("BEGIN")
        with gateway.console() as console:
            console.send("PAUSE 60")
            wait_until(lambda: float(gateway.told("SHOW STATS")[0]["paused_seconds"]) > 0, "it is on")
            waiting.send("SELECT 1")
            gateway.do("SHUTDOWN")
            gateway.do("SHUTDOWN")
            _refused(console.finish, "57P03", "shutting down")
            require(inside.value("SELECT 1") == "1", "the transaction may end")
            require(gateway.told("SHOW STATS")[0]["draining"] == "yes", "the console is there to the end")
            _refused(lambda: console.execute("PAUSE"), "57P03", "shutting down")
            inside.execute("COMMIT")
        require(gateway.process.wait(15) == 0 and not os.path.exists(gateway.console_socket), "it ends, and its socket goes")


def _guarded(ground):
    """The socket is its owner's alone; strangers are refused by who they are, a seventeenth by the number, and idle ones harm nobody"""
    with ground.gateway() as gateway:
        mode = os.stat(gateway.console_socket).st_mode
        require(stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600, oct(mode))
        if os.geteuid() == 0:
            os.chmod(gateway.console_socket, 0o777)
            os.chmod(gateway.place, 0o755)
            code, said = gateway.psql("-c", "SHOW VERSION", user="postgres")
            require(code == 2 and "the console is for the user that" in said, said)
        with contextlib.ExitStack() as stack:
            for _ in range(16):
                stack.enter_context(contextlib.closing(socket.socket(socket.AF_UNIX))).connect(gateway.console_socket)
            wait_until(lambda: _refusal(gateway.console) is not None, "one too many")
            require("too many consoles" in str(_refusal(gateway.console)), "says so")
            with gateway.client() as client:
                require(client.value("SELECT 1") == "1", "sessions are as ever")
        wait_until(lambda: _refusal(gateway.console) is None, "places are free again")
    said = ground.segue.run("gateway", "--listen", "127.0.0.1:0", "--console", "127.0.0.1:6433")
    require(said.code == 2 and "no place for the console" in said.err, f"{said}")


def _too_long(ground):
    """A message of more than 64 KiB ends its console with words; a reader that does not read stops only itself"""
    with ground.gateway() as gateway:
        with fe.Frontend(gateway.console_socket) as client:
            client.begin()
            client.send(fe.query("SHOW VERSION " + "x" * 70000))
            answer = dict(client.until("E"))
            require(fe.error_of(answer["E"])["C"] == "08P01" and client.read() is None, f"{answer}")
        with fe.Frontend(gateway.console_socket) as deaf:
            deaf.begin()
            deaf.socket.settimeout(0.5)
            with contextlib.suppress(TimeoutError):
                for _ in range(100000):
                    deaf.send(fe.query("SHOW HELP") * 100)
            before = gateway.memory_kb()
            require(gateway.told("SHOW VERSION"), "another console")
            require(before < 200_000, f"{before} kB")


def _hand_over(ground):
    """At a hand-over the console and the metrics of the new gateway answer at the same places; the old one's consoles stay; nothing is left behind"""
    folder, metrics = tempfile.mkdtemp(dir=ground.server.folder), free_port()
    also = ("--hand-over", os.path.join(folder, "over"), "--metrics", f"127.0.0.1:{metrics}")

    def begun():
        with socket.create_connection(("127.0.0.1", metrics), timeout=5) as one:
            one.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            said = b"".join(iter(lambda: one.recv(65536), b"")).decode()
        return int(re.search(r"^segue_gateway_begun_total (\d+)$", said, re.M)[1])
    old = ground.gateway(*also, place=folder)
    try:
        with old.client() as kept, old.console() as console:
            require(begun() == 1, "its metrics")
            with ground.gateway(*also, place=folder) as new:
                wait_until(lambda: "event=handed_over" in old.said(), "it has handed over")
                require(new.told("SHOW SESSIONS") == [] and len(console.dicts("SHOW SESSIONS")) == 1, "the new one's console, and the old one's")
                wait_until(lambda: begun() == 0, "the new one's metrics")
                require(kept.value("SELECT 1") == "1", "the session of the old one")
                kept.close()
                require(old.process.wait(10) == 0 and os.path.exists(new.console_socket), "the socket of the new one stays")
                require(new.told("SHOW VERSION"), "it answers still")
        require(not os.path.exists(new.console_socket), "the socket is left behind")
    finally:
        old.stop()


def _clash(ground):
    """Without a hand-over a console is not taken from a gateway that runs; what a killed one left behind is no obstacle"""
    folder = tempfile.mkdtemp(dir=ground.server.folder)
    with ground.gateway(place=folder) as gateway:
        said = ground.segue.run("gateway", "--listen", "127.0.0.1:0", "--console", f"{folder}:{_PORT}")
        require(said.code == 3 and "something listens there already" in said.err, f"{said}")
        require(gateway.told("SHOW VERSION"), "it answers still")
        os.kill(gateway.pid, signal.SIGKILL)
        gateway.process.wait()
    require(os.path.exists(os.path.join(folder, f".s.PGSQL.{_PORT}")), "a killed one leaves its socket")
    with ground.gateway(place=folder) as gateway:
        require(gateway.told("SHOW VERSION"), "the next one")


def _mangled(ground):
    """Mangled messages harm neither the gateway nor an honest console"""
    with ground.gateway() as gateway, gateway.client() as client:
        ended = threading.Event()
        threads = [threading.Thread(target=mangle_console, args=(random.Random(seed), gateway.console_socket, ended)) for seed in range(3)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 4
        while time.monotonic() < deadline:
            with contextlib.suppress(DatabaseError):  # places may all be taken
                require(gateway.told("SHOW VERSION")[0]["version"].startswith("segue "), "an honest answer")
            require(client.value("SELECT 7") == "7", "a session")
        ended.set()
        for thread in threads:
            thread.join()
        gateway.require_runs()


_PROMISES = [_psql, _drivers, _extended, _shown, _many, _pause, _pause_expires, _pause_long, _pause_left, _not_idle, _races, _beside_segue, _kill,
             _kill_ends_statements, _reload_and_shutdown, _guarded, _too_long, _hand_over, _clash, _mangled]
