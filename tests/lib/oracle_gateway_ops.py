"""A gateway in operation: what it logs, its limits, reload, drain, hand-over to the next process, and PgBouncer before and behind it."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from . import pq
from . import server as servers
from .gateway import Gateway
from .oracle_gateway_tls import ssl_certificate
from .oracle_ramp import MIGRATION, SCHEMA
from .promises import promise_all
from .report import Failure, require
from .tls_server import PASSWORD, TlsServer, free_port
from .traffic import wait_until
from .two_versions import TwoVersions

_BENCH_SECONDS, _UPGRADES = 6, 4


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = TlsServer(base.bin_dir)
    try:
        promise_all(context, server, context.further(base, _PROMISES, 3), _Ground(context, server))
    finally:
        server.stop()


class _Ground:
    """A server with TLS, and gateways before it as a promise wants them."""

    def __init__(self, context, server):
        self.context, self.server = context, server
        for name in ("first", "second"):
            server.authority.sign(name, "DNS:localhost")
        self.bench("-i", "-s", "1", "-q", port=server.port)

    def gateway(self, *arguments, **options):
        options.setdefault("url", self.server.tcp_url("postgres", "sslmode=disable"))
        return Gateway(self.context.options.segue, self.server, *arguments, **options)

    def bench(self, *arguments, port):
        with self.benching(*arguments, port=port) as process:
            said = process.communicate()[0].decode(errors="replace")
        require(process.returncode == 0, f"pgbench {arguments}: exit {process.returncode}\n{said[-3000:]}")
        return said

    @staticmethod
    def benching(*arguments, port):
        program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
        where = dict(os.environ, PGHOST="127.0.0.1", PGPORT=str(port), PGUSER="postgres", PGDATABASE="postgres", PGSSLMODE="disable")
        return subprocess.Popen([program, *arguments], env=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _to(port, more="sslmode=disable", user="postgres", password=None):
    secret = f" password='{password}'" if password else ""
    return pq.Connection(f"host=127.0.0.1 port={port} dbname=postgres user={user}{secret} {more}")


def _refusal(act):
    try:
        act()
    except pq.DatabaseError as error:
        return str(error)
    return "nothing was refused"


def _refused(act, words):
    """One of the words: what was said last may be lost where a client sends before it reads."""
    said = _refusal(act)
    require(any(word in said for word in (words if isinstance(words, tuple) else (words,))), f"{said!r} instead of {words!r}")


def _events(gateway, name=None):
    """The events of a gateway that logs JSON."""
    lines = [json.loads(line) for line in gateway.said().splitlines() if line.startswith("{")]
    return [line for line in lines if name in (None, line["event"])]


def _log(ground):
    """Sessions and refusals are logged, as logfmt and as JSON, without secrets and statements"""
    secret = "4711 the statement"
    with ground.gateway() as gateway:
        with _to(gateway.port, "application_name='two words'", "keyed", PASSWORD) as client:
            client.rows(f"SELECT '{secret}'")
        _refused(lambda: _to(gateway.port, user="keyed", password="wrong"), "password authentication failed")
        wait_until(lambda: gateway.said().count("event=disconnect") == 1 and "reason=" in gateway.said(), "the log tells the end")
        said = gateway.said()
        require("event=connect" in said and 'application="two words"' in said and "user=keyed" in said, said)
        require(secret not in said and PASSWORD not in said and "wrong" not in said, f"secrets: {said}")
    with ground.gateway("--log-level", "error") as gateway:
        _to(gateway.port).close()
    require("event=connect" not in gateway.said(), "--log-level error tells more")


def _log_json(ground):
    """With --json each event is an object, with user, database, seconds, bytes and the reason"""
    process, said = _json_gateway(ground, "--max-message", "1000")
    try:
        port = int(_wait_event(said, "listen")["where"].rsplit(":", 1)[1])
        with _to(port, "application_name='q\"\\\\uote'") as client:
            require(client.value("SELECT repeat('x', 5000)") == "x" * 5000, "the answer")
            _refused(lambda: client.rows("SELECT '" + "y" * 2000 + "'"), "longer than the 1000 allowed")
        begun, ended = _wait_event(said, "connect"), _wait_event(said, "disconnect")
        require(begun["user"] == "postgres" and begun["database"] == "postgres" and begun["client"].startswith("127.0.0.1:"), str(begun))
        require(begun["pid"] == ended["pid"] and ended["sqlstate"] == "54000" and ended["bytes_out"] > 5000 and ended["seconds"] >= 0,
                str(ended))
    finally:
        process.terminate()
        process.wait()


def _json_gateway(ground, *arguments):
    said = tempfile.TemporaryFile()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEGUE_", "PG"))}
    kept["SEGUE_URL"] = ground.server.tcp_url("postgres", "sslmode=disable")
    return subprocess.Popen([ground.context.options.segue, "gateway", "--json", "--listen", "127.0.0.1:0", *arguments], env=kept,
                            stderr=said, stdin=subprocess.DEVNULL), said


def _wait_event(said, name):
    def find():
        lines = os.pread(said.fileno(), 1 << 20, 0).decode(errors="replace").splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == name]
    wait_until(find, f"an event {name}")
    return find()[-1]


def _limits(ground):
    """Idle sessions, long messages and slow beginners are ended with an error that says so; others are not"""
    with ground.gateway("--idle-timeout", "1s", "--max-message", "100000", "--startup-timeout", "1s") as gateway:
        idle, busy = _to(gateway.port), _to(gateway.port)
        busy.execute("BEGIN")
        silent = socket.create_connection(gateway.address)
        wait_until(lambda: "sqlstate=57P05" in gateway.said(), "the idle session is ended", 10)
        _refused(lambda: idle.rows("SELECT 1"), "idle for too long")
        require(silent.recv(4096).find(b"too long to say who it is") > 0, "one who says nothing")
        silent.close()
        require(busy.value("SELECT 1") == "1", "a session in a transaction")
        require(busy.value(f"SELECT length('{'y' * 90000}')") == "90000", "a message within the limit")
        _refused(lambda: busy.rows(f"SELECT '{'y' * 110000}'"), "longer than the 100000 allowed")
        require("sqlstate=57P05" in gateway.said() and "sqlstate=54000" in gateway.said(), gateway.said())


def _reload(ground):
    """SIGHUP takes a new certificate, drops nobody, and keeps the old one where the new one cannot be used"""
    folder = tempfile.mkdtemp(dir=ground.server.folder)
    own = [os.path.join(folder, name) for name in ("own.crt", "own.key")]
    authority = ground.server.authority

    def show(name):
        shutil.copy(authority.certificate(name), own[0])
        shutil.copy(authority.key(name), own[1])
        os.chmod(own[1], 0o600)
    show("first")
    with ground.gateway("--tls-cert", own[0], "--tls-key", own[1]) as gateway:
        first = ssl_certificate(gateway.port)
        with _to(gateway.port, "sslmode=require") as client:
            client.execute("BEGIN")
            show("second")
            os.kill(gateway.pid, signal.SIGHUP)
            wait_until(lambda: ssl_certificate(gateway.port) != first, "the new certificate is shown")
            second = ssl_certificate(gateway.port)
            with open(own[1], "w") as file:
                file.write("nonsense")
            os.kill(gateway.pid, signal.SIGHUP)
            wait_until(lambda: "event=reload_failed" in gateway.said(), "the log tells of the bad key")
            require(ssl_certificate(gateway.port) == second, "after a bad reload")
            require(client.value("SELECT 1") == "1", "a session through both")


def _drain(ground):
    """At SIGTERM nobody is taken, idle sessions end, transactions may finish, and then it ends with 0"""
    gateway = ground.gateway("--drain", "20s")
    idle, working = _to(gateway.port), _to(gateway.port)
    working.execute("BEGIN; CREATE TEMP TABLE t (i int)")
    os.kill(gateway.pid, signal.SIGTERM)
    wait_until(lambda: "event=drain" in gateway.said(), "it drains")
    _refused(lambda: _to(gateway.port), "Connection refused")
    wait_until(lambda: "sqlstate=57P01" in gateway.said(), "the idle session is ended")
    _refused(lambda: idle.rows("SELECT 1"), ("shutting down", "closed the connection"))
    require(working.value("SELECT count(*) FROM t") == "0", "a transaction goes on")
    working.execute("COMMIT")
    require(gateway.process.wait(10) == 0, "its exit status")
    _refused(lambda: working.rows("SELECT 1"), ("shutting down", "closed the connection"))


def _drain_ends(ground):
    """What has not ended within --drain is cut with 57P01, and by a second SIGTERM at once"""
    for arguments, signals in ((("--drain", "1s"), 1), (("--drain", "1h"), 2)):
        gateway = ground.gateway(*arguments)
        working = _to(gateway.port)
        working.execute("BEGIN")
        for _ in range(signals):
            os.kill(gateway.pid, signal.SIGTERM)
            wait_until(lambda: "event=drain" in gateway.said(), "it drains")
        require(gateway.process.wait(10) == 0, "its exit status")
        _refused(lambda: working.rows("SELECT 1"), ("shutting down", "closed the connection"))


def _hand_over(ground):
    """Upgrades under pgbench -C, a connection a transaction, over TCP and the unix socket: none is refused"""
    path = os.path.join(ground.server.folder, "next.sock")
    place = tempfile.mkdtemp(dir=ground.server.folder)
    listen = ("--listen", f"127.0.0.1:{free_port()}", "--listen", f"{place}:6543", "--hand-over", path)
    port = int(listen[1].rsplit(":", 1)[1])
    running = [ground.gateway(*listen)]
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: [one.stop() for one in running])
        kept = stack.enter_context(_to(port))
        kept.execute("CREATE TEMP TABLE mine AS SELECT 42 AS i")
        benches = [ground.benching("-C", "-S", "-c", "4", "-T", str(_BENCH_SECONDS), port=port)]
        where = dict(os.environ, PGHOST=place, PGPORT="6543", PGUSER="postgres", PGDATABASE="postgres")
        benches.append(subprocess.Popen([shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench"), "-C", "-S", "-c", "2",
                                         "-T", str(_BENCH_SECONDS)], env=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
        for _ in range(_UPGRADES):
            time.sleep(_BENCH_SECONDS / (_UPGRADES + 2))  # traffic goes on for a while with each of them
            before = running[-1]
            running.append(ground.gateway(*listen))
            wait_until(lambda before=before: "event=handed_over" in before.said(), "the old one has handed over")
        for bench in benches:
            said = bench.communicate()[0].decode(errors="replace")
            ground.context.report.note(next(line for line in said.splitlines() if "actually processed" in line)
                                       + f", {_UPGRADES} upgrades")
            require(bench.returncode == 0 and "failed" not in said.replace("number of failed transactions: 0 (0.000%)", "")
                    and "refused" not in said, said[-3000:])
        require(kept.value("SELECT i FROM mine") == "42", "a session of the first one")
        for middle in running[1:-1]:
            require(middle.process.wait(10) == 0, "one without sessions has ended")
        require(running[0].runs(), "the first one has a session still")
        kept.close()
        require(running[0].process.wait(10) == 0, "with its last session it ends")
        require(_to(port).value("SELECT 1") == "1", "the last one serves")


def _hand_over_fails(ground):
    """A successor that cannot serve leaves the old one at work"""
    path = os.path.join(ground.server.folder, "kept.sock")
    listen = ("--listen", f"127.0.0.1:{free_port()}", "--hand-over", path)
    with ground.gateway(*listen) as gateway:
        port = int(listen[1].rsplit(":", 1)[1])
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as asker:
            asker.connect(path)
            require(len(asker.recv(100)) > 0, "the sockets were not passed")
        bad = ground.context.segue.on(ground.server, "postgres").run("gateway", *listen, "--tls-cert", "/nowhere", "--tls-key", "/nowhere")
        require(bad.code == 2, str(bad))
        require(_to(port).value("SELECT 1") == "1", "the old one")
        require("event=handed_over" not in gateway.said(), gateway.said())
        with ground.gateway(*listen) as following:
            wait_until(lambda: "event=handed_over" in gateway.said(), "a good one takes over")
            require(_to(port).value("SELECT 1") == "1" and following.runs(), "the new one")


def _metrics(ground):
    """Prometheus is told of sessions, bytes, errors and latencies, and what it is told adds up"""
    port = free_port()
    with ground.gateway("--metrics", f"127.0.0.1:{port}") as gateway:
        ground.bench("-c", "2", "-t", "50", "-S", "-n", port=gateway.port)
        with _to(gateway.port) as client:
            _refused(lambda: client.rows("SELECT 1/0"), "division by zero")
            _refused(lambda: client.rows("SELECT nothing"), "does not exist")
            client.execute("BEGIN")
            wait_until(lambda: _metric(port, 'sessions{state="in_transaction"}') == 1, "the session in a transaction")
            require(_metric(port, "begun_total") == 4, "sessions that there have been: pgbench's three and ours")
            require(_metric(port, 'errors_total{class="22"}') == 1 and _metric(port, 'errors_total{class="42"}') == 1, "errors")
            asked = _metric(port, 'request_seconds_count{version=""}')
            require(asked >= 103 and _metric(port, 'request_seconds_bucket{version="",le="+Inf"}') == asked, f"{asked} requests")
            require(0 < _metric(port, 'request_seconds_sum{version=""}') < 60, "seconds")
            before = _metric(port, "bytes_out_total")
            client.rows("SELECT repeat('x', 100000)")
            require(100_000 < _metric(port, "bytes_out_total") - before < 101_000, "bytes to clients")
        for way, status in (("/", 404), ("/metrics", 200)):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{way}") as found:
                    code = found.status
            except urllib.error.HTTPError as error:
                code = error.code
            require(code == status, f"{way}: {code}")


def _metric(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(f"segue_gateway_{name} "):
                return float(line.rsplit(" ", 1)[1])
    return None


@contextlib.contextmanager
def _bouncer(ground, port, mode, ignored="extra_float_digits,options"):
    """Debian's pgbouncer before a server on that port."""
    folder = tempfile.mkdtemp(prefix="bouncer-", dir=ground.server.folder)
    own = free_port()
    with open(os.path.join(folder, "users.txt"), "w") as file:
        file.write('"postgres" ""\n')
    with open(os.path.join(folder, "pgbouncer.ini"), "w") as file:
        file.write(f"[databases]\n* = user=postgres host=127.0.0.1 port={port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {own}\n"
                   f"unix_socket_dir =\nauth_type = any\nauth_file = {folder}/users.txt\npool_mode = {mode}\n"
                   f"ignore_startup_parameters = {ignored}\n")
    if ground.server.user:
        for path in (folder, *(os.path.join(folder, name) for name in os.listdir(folder))):
            os.chown(path, ground.server.user.pw_uid, ground.server.user.pw_gid)
    words = tempfile.TemporaryFile()
    process = subprocess.Popen([shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", os.path.join(folder, "pgbouncer.ini")],
                               stdout=words, stderr=words, stdin=subprocess.DEVNULL, preexec_fn=ground.server.as_its_user())
    try:
        wait_until(lambda: process.poll() is not None or _answers(own), "pgbouncer answers")
        require(process.poll() is None, os.pread(words.fileno(), 4000, 0).decode(errors="replace"))
        yield own
    finally:
        process.terminate()
        process.wait()


def _answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def _behind_bouncer(ground):
    """Behind PgBouncer, in session and in transaction pooling: its pool's connections are the gateway's sessions"""
    with ground.gateway() as gateway:
        for mode in ("session", "transaction"):
            with _bouncer(ground, gateway.port, mode) as port:
                ground.bench("-c", "6", "-T", "2", "-M", "simple" if mode == "transaction" else "prepared", port=port)
                with _to(port) as client:
                    require(client.value("SELECT 6 * 7") == "42", mode)


def _before_bouncer(ground):
    """In front of PgBouncer, in session pooling: prepared statements, COPY, cancel"""
    with _bouncer(ground, ground.server.port, "session") as port:
        with ground.gateway(url=f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable") as gateway:
            ground.bench("-c", "6", "-T", "2", "-M", "prepared", port=gateway.port)
            with _to(gateway.port) as client:
                client.execute("CREATE TEMP TABLE poured (i int)")
                client.copy_in("COPY poured FROM STDIN", [str(i) for i in range(1000)])
                require(client.value("SELECT count(*) FROM poured") == "1000", "COPY")
                client.send("SELECT pg_sleep(300)")
                with ground.server.connect("postgres") as other:
                    wait_until(lambda: other.value("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(300)'"
                                                   " AND state = 'active'") == "1", "it runs")
                client.cancel()
                _refused(client.finish, "57014")


_POOLED = """
\\set id random(1, 2000)
UPDATE users SET visits = visits + 1 WHERE id = :id;
SELECT id, visits FROM users WHERE id = :id;
"""


def _pooled(ground, name):
    return TwoVersions(ground.context, ground.server, name, SCHEMA, MIGRATION).start()


def _behind_bouncer_ramp(ground):
    """Behind PgBouncer, the pool's connections go to and fro between versions and through the cut-over, in session and in transaction pooling, and no client notices"""
    versions = _pooled(ground, "0001_pooled")
    script = os.path.join(ground.server.folder, "pooled.pgbench")
    with open(script, "w") as file:
        file.write(_POOLED)
    done = 0
    with ground.gateway("--breaker-p95", "100000", url=ground.server.tcp_url(versions.database, "sslmode=disable")) as gateway:
        def on(share):
            return json.loads(versions.segue.must("ramp", "--json", str(share)).out)["gateways"][0]["sessions"]["versions"].get("public_0001_pooled", 0)
        for mode, how, last in (("session", "prepared", lambda: on(0)), ("transaction", "simple", lambda: versions.segue.must("complete", "--force"))):
            with _bouncer(ground, gateway.port, mode) as port:
                with ground.benching("-n", "-f", script, "-c", "6", "-T", "6", "-R", "200", "-M", how, versions.database, port=port) as process:
                    require(on(100) > 0, f"{mode}: nothing moved")
                    last()
                    said = process.communicate()[0].decode(errors="replace")
                require(process.returncode == 0 and "number of failed transactions: 0 " in said, f"{mode}: {said[-2000:]}")
                done += int(re.search(r"actually processed: (\d+)", said)[1])
        gateway.require_runs()
    with versions.base() as connection:
        require(int(connection.value("SELECT sum(visits) FROM users")) == done, f"{done} transactions")


def _before_bouncer_versions(ground):
    """In front of PgBouncer, a gateway of a database with versions says why it cannot be and ends: PgBouncer drops or refuses the search path of sessions"""
    database = _pooled(ground, "0001_behind").database
    for mode in ("session", "transaction"):
        for ignored in ("extra_float_digits,options,search_path", "extra_float_digits"):
            with _bouncer(ground, ground.server.port, mode, ignored) as port:
                said = ""
                try:
                    ground.gateway(url=f"postgresql://postgres@127.0.0.1:{port}/{database}?sslmode=disable").stop()
                except Failure as failure:
                    said = str(failure)
                require("sessions do not get the search path" in said and "ended by itself" in said, f"{mode}, {ignored}: {said or 'it serves'}")


_PROMISES = [_metrics, _log, _log_json, _limits, _reload, _drain, _drain_ends, _hand_over, _hand_over_fails, _behind_bouncer, _behind_bouncer_ramp,
             _before_bouncer, _before_bouncer_versions]
