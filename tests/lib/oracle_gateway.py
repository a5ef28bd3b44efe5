"""segue gateway before a real server: what clients see through it is what they see without it, and no client harms another."""

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import threading

from . import conversations, frontend as fe, gateway_clients, gateway_lives, pq
from . import server as servers
from .gateway import Gateway
from .promises import promise_all
from .report import Failure, require
from .traffic import wait_until

_SETTINGS = {"max_connections": "2100", "wal_level": "logical", "max_wal_senders": "10", "shared_buffers": "128MB"}
_ROWS = 20_000
_SCHEMA = """
CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, born date, tags text[]);
INSERT INTO people SELECT i, E'N\\t' || i, date '1970-01-01' + i %% 9999, ARRAY[i::text, NULL, 'a"b'] FROM generate_series(1, %d) i;
CREATE TABLE copied (LIKE people);
CREATE TABLE poured (line text);
CREATE VIEW young AS SELECT * FROM people WHERE born > '1990-01-01';
""" % _ROWS
_CONTENT = "SELECT md5(string_agg(t::text, ';' ORDER BY id)) FROM {} t"
_IDLE_SESSIONS, _SESSION_KB = 2000, 20
# What a client that does not read, or a server that does not, may make the gateway keep: 256 KiB each way and what was just read.
_BACKLOG_KB = 2048
_HUGE = 100 << 20
_SLEEP = "SELECT pg_sleep(300)"


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = servers.Server(base.bin_dir, _SETTINGS)
    try:
        with _Ground(context, server) as ground:
            promise_all(context, server, context.further(base, _PROMISES, 3), ground)
            with context.report.test(f"[{server.major}] The gateway ends with status 0 and takes its sessions with it"):
                ground.end_orderly()
    finally:
        server.stop()


class _Ground:
    """A server, a gateway before it, and a database."""

    def __init__(self, context, server):
        self.context, self.server = context, server
        self.database = server.create("gateway")
        with server.connect(self.database) as connection:
            connection.execute(_SCHEMA)
            connection.execute(conversations.SCHEMA)
        self.gateway = Gateway(context.options.segue, server)
        self.direct = os.path.join(server.folder, f".s.PGSQL.{servers.PORT}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.gateway.stop()

    def another(self, *arguments, **options):
        return Gateway(self.context.options.segue, self.server, *arguments, **options)

    def through(self, user=servers.SUPERUSER, more=""):
        return self.gateway.connect(self.database, user, more)

    def straight(self):
        return self.server.connect(self.database)

    def value(self, sql):
        """Asked of the server itself."""
        with self.straight() as connection:
            return connection.value(sql)

    def run(self, *command, direct=False, stdin=None):
        """A program of PostgreSQL's through the gateway (or beside it); what it said."""
        environment = self.gateway.environment(self.database)
        if direct:
            environment.update(PGHOST=self.server.folder, PGPORT=str(servers.PORT))
        done = subprocess.run([_program(command[0]), *command[1:]], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              input=stdin, check=False)
        require(done.returncode == 0, f"{' '.join(command)}: exit {done.returncode}\n{done.stderr.decode(errors='replace')[-3000:]}")
        return done.stdout

    def wait_active(self, count, like=_SLEEP):
        wait_until(lambda: self._active(like) == count, f"{count} sessions that run {like}")

    def _active(self, like):
        return int(self.value("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
                              f" AND query = {pq.quote_literal(like)}"))

    def sessions(self):
        return int(self.value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> 'segue gateway' AND pid <> pg_backend_pid()"))

    def end_orderly(self):
        kept = self.through()
        status = self.gateway.stop()
        require(status == 0, f"exit {status}\n{self.gateway.said()[-3000:]}")
        require(not os.path.exists(self.gateway.socket), "its socket is still there")
        wait_until(lambda: self.sessions() == 0, "the server has no sessions left")
        _fails(lambda: kept.rows("SELECT 1"), None, "a session of a gateway that has ended")
        kept.close()


def _program(name):
    return shutil.which(name) or os.path.join(servers.DEBIAN_BIN, name)


def _fails(act, sqlstate, what):
    """Its words."""
    try:
        act()
    except pq.DatabaseError as error:
        require(sqlstate is None or error.sqlstate == sqlstate, f"{what}: {error}")
        return str(error)
    raise Failure(f"{what}: it went well")


def _own_programs(ground):
    """Whether programs of PostgreSQL's of the server's own version are there."""
    return ground.server.bin_dir == servers.DEBIAN_BIN


def _same_bytes(ground):
    """Every kind of request, whole or cut anywhere, gets byte by byte what the server answers"""
    def fresh():
        with ground.straight() as connection:
            connection.execute("TRUNCATE inbox")
    for through in (ground.gateway.address, ground.gateway.socket):
        conversations.require_same(ground.direct, through, ground.database, fresh, seed=random.randrange(1 << 30))


def _same_beginnings(ground):
    """A client of any minor version, with any parameters, is answered as by the server; protocol 3.2 where the server has it"""
    conversations.require_same_beginnings(ground.direct, ground.gateway.address, ground.database)
    for first in (fe.SSL, fe.GSS):
        with fe.Frontend(ground.gateway.address) as client:
            client.send(fe.packet(first))
            require(client.socket.recv(9) == b"N", "a request for encryption was not answered with N")
            client.begin(database=ground.database)
            require(client.ask("SELECT 1")[-1][0] == "Z", "no answer after a request for encryption")
    with fe.Frontend(ground.gateway.address) as client:
        client.begin(database=ground.database)
        client.send(b"Q\0\0\0\1")
        kind, body = client.read()
        require(kind == "E" and fe.error_of(body)["C"] == "08P01" and client.read() is None, f"a message of bad length: {kind} {body}")
    for version in (2 << 16, 4 << 16):
        with fe.Frontend(ground.gateway.address) as client:
            client.send(fe.startup(version=version))
            kind, body = client.read()
            require(kind == "E" and fe.error_of(body)["C"] == "0A000" and client.read() is None, f"protocol {version >> 16}: {kind} {body}")


def _pgbench(ground):
    """pgbench runs through it in all its modes, and its sums agree"""
    ground.run("pgbench", "-i", "-q", "-s", "2")
    for mode in ("simple", "extended", "prepared"):
        for script in ("tpcb-like", "select-only"):
            said = ground.run("pgbench", "-n", "-M", mode, "-b", script, "-c", "8", "-j", "2", "-t", "200").decode()
            require("processed: 1600/1600" in said and "failed transactions: 0 " in said, said)
    require(ground.value("SELECT (SELECT sum(abalance) FROM pgbench_accounts) = (SELECT sum(delta) FROM pgbench_history)"
                         " AND (SELECT count(*) FROM pgbench_history) = 4800") == "t", "the sums differ")


def _psql_copy(ground):
    """psql's \\copy carries a table out and in unchanged"""
    path = os.path.join(ground.gateway.folder, "people.copy")
    for form in ("text", "csv", "binary"):
        ground.run("psql", "-X", "-q", "-c", "TRUNCATE copied", "-c", f"\\copy people TO '{path}' (FORMAT {form})")
        with open(path, "rb") as file:
            require(file.read() == ground.run("psql", "-X", "-c", f"\\copy people TO STDOUT (FORMAT {form})", direct=True), f"{form}: out")
        ground.run("psql", "-X", "-q", "-c", f"\\copy copied FROM '{path}' (FORMAT {form})")
        require(ground.value(_CONTENT.format("copied")) == ground.value(_CONTENT.format("people")), f"{form}: in")


def _interrupted(ground):
    """Ctrl-C in psql cancels the query"""
    _interrupt(ground)


def _newest_library(ground):
    """PostgreSQL 18's own library, told to speak protocol 3.2 and nothing before it, asks and cancels with its long key"""
    library = os.path.join(os.path.dirname(ground.server.bin_dir), "lib")
    if ground.server.major < 18 or not os.path.exists(os.path.join(library, "libpq.so.5")):
        ground.context.report.note("skipped: no server and library of PostgreSQL 18")
        return
    _interrupt(ground, "-d", "min_protocol_version=3.2", LD_LIBRARY_PATH=library)
    refused = subprocess.run([_program("psql"), "-X", "-d", "min_protocol_version=9.9"], check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=dict(ground.gateway.environment(ground.database), LD_LIBRARY_PATH=library))
    require(b"min_protocol_version" in refused.stderr and refused.returncode == 2, f"it is another library: {refused.stderr.decode(errors='replace')}")


def _interrupt(ground, *arguments, **environment):
    process = subprocess.Popen([_program("psql"), "-X", *arguments, "-c", _SLEEP],
                               env=dict(ground.gateway.environment(ground.database), **environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        ground.wait_active(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    require(b"canceling statement due to user request" in err, (out + err).decode())


def _cancel(ground):
    """A cancel request ends its own query and no other; a wrong key ends none"""
    with contextlib.ExitStack() as stack:
        sleepers = [stack.enter_context(ground.through()) for _ in range(5)]
        pids = [sleeper.value("SELECT pg_backend_pid()") for sleeper in sleepers]
        for sleeper in sleepers:
            sleeper.send(_SLEEP)
        ground.wait_active(5)
        for number in (3, 0):
            sleepers[number].cancel()
            _fails(sleepers[number].finish, "57014", "the query that was to be cancelled")
        _wrong_keys(ground)
        ground.wait_active(3)
        active = ground.value(f"SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE query = '{_SLEEP}' AND state = 'active'")
        require(set(active.split(",")) == {pids[1], pids[2], pids[4]}, f"{active} of {pids}")
        for number in (1, 2, 4):
            sleepers[number].cancel()
            _fails(sleepers[number].finish, "57014", "the query that was to be cancelled")


def _wrong_keys(ground):
    """A session's key with one bit changed, a part of it, and more than it, and its process with other bytes."""
    with fe.Frontend(ground.gateway.address) as client:
        client.begin(database=ground.database)
        client.send(fe.query(_SLEEP))
        ground.wait_active(4)
        pid, secret = client.key[:4], client.key[4:]
        wrong = [pid + bytes([secret[0] ^ 1]) + secret[1:], pid + secret[:-1], pid + secret + b"\0", pid, b"", pid + b"\0" * 300,
                 struct.pack("!I", int.from_bytes(pid, "big") ^ 1) + secret]
        for key in wrong:
            _send_cancel(ground, key)
        ground.wait_active(4)
        _send_cancel(ground, client.key, hang_up=True)
        answers = client.until("Z")
        require(any(kind == "E" and fe.error_of(body)["C"] == "57014" for kind, body in answers), f"the right key: {answers}")


def _send_cancel(ground, key, hang_up=False):
    with fe.Frontend(ground.gateway.address) as client:
        client.send(fe.packet(fe.CANCEL, key))
        if hang_up:  # at once, as rust-postgres does
            client.socket.shutdown(socket.SHUT_WR)
        client.rest()


def _no_late_cancel(ground):
    """When a cancel request has been taken, what its session asks next is not cancelled"""
    with ground.through() as session:
        for round_number in range(300):
            session.send("SELECT pg_sleep(0.001)")
            session.cancel()
            with contextlib.suppress(pq.DatabaseError):
                session.finish()
            try:
                session.rows("SELECT count(*) FROM generate_series(1, 20000)")
            except pq.DatabaseError as error:
                raise Failure(f"round {round_number}: {error}") from None


def _long_keys(ground):
    """Protocol 3.2 is spoken where the server speaks it: a key of 32 bytes, with which a query is cancelled"""
    with fe.Frontend(ground.gateway.address) as client:
        answers = client.begin(version=fe.VERSION_3_2, database=ground.database)
        negotiated = [kind for kind, _ in answers if kind == "v"]
        has_it = ground.server.major >= 18
        require(len(client.key) == 4 + (32 if has_it else 4) and bool(negotiated) != has_it, f"{len(client.key)} bytes, {negotiated}")
        client.send(fe.query(_SLEEP))
        ground.wait_active(1)
        _send_cancel(ground, client.key)
        require(any(kind == "E" for kind, _ in client.until("Z")), "it was not cancelled")


def _notify(ground):
    """LISTEN and NOTIFY reach a session that waits"""
    with ground.through() as listener, ground.through() as speaker:
        listener.execute("LISTEN news")
        heard = []
        for number in range(20):
            speaker.execute(f"NOTIFY news, '{number}'")
            wait_until(lambda: heard.extend(listener.notifications()) or len(heard) > number, "a notification")
        require(heard == [("news", str(number)) for number in range(20)], str(heard))


def _slow_reader(ground):
    """A client that does not read makes the gateway keep little, and gets everything once it reads; others are served meanwhile"""
    sql = f"SELECT repeat('x', 1000) FROM generate_series(1, {_HUGE // 1000})"
    with ground.another() as gateway, fe.Frontend(gateway.address) as slow, gateway.connect(ground.database) as other:
        before = gateway.memory_kb()
        slow.begin(database=ground.database)
        slow.send(fe.query(sql))
        wait_until(lambda: ground.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientWrite'") == "1", "the server waits")
        grown = gateway.memory_kb() - before
        require(other.value("SELECT 42") == "42", "another client")
        slow.send(fe.TERMINATE)
        rows = sum(kind == "D" for kind, _ in fe.messages_of(slow.rest()))
    require(rows == _HUGE // 1000, f"{rows} rows")
    require(grown < _BACKLOG_KB, f"the gateway grew by {grown} kB")
    ground.context.report.note(f"a reader that rests, {_HUGE >> 20} MiB to come: the gateway grew by {grown} kB")


def _slow_server(ground):
    """A server that does not read a COPY makes the gateway keep little and the client wait; every line arrives once it reads"""
    line = b"y" * 1000 + b"\n"
    block = fe.copy_data(line * 100)
    with ground.another() as gateway, ground.straight() as holder, fe.Frontend(gateway.address) as pourer:
        before = gateway.memory_kb()
        holder.execute("BEGIN; LOCK poured IN ACCESS EXCLUSIVE MODE")
        pourer.begin(database=ground.database)
        pourer.send(fe.query("COPY poured FROM STDIN"))
        pourer.socket.settimeout(2)
        sent, part = 0, block * 10
        with contextlib.suppress(socket.timeout):
            while sent < _HUGE:
                sent += pourer.socket.send(part[sent % len(part):])
        require(sent < _HUGE, "all of it was taken, though the server read nothing")
        grown = gateway.memory_kb() - before
        holder.execute("COMMIT")
        pourer.socket.settimeout(60)
        rest = -sent % len(part)
        pourer.send(part[len(part) - rest:], fe.COPY_DONE, fe.TERMINATE)
        pourer.rest()
    count = int(ground.value("SELECT count(*) FROM poured"))
    require(count == (sent + rest) // len(part) * 1000, f"{count} lines")
    require(grown < _BACKLOG_KB, f"the gateway grew by {grown} kB")
    ground.context.report.note(f"a server that rests took {sent >> 10} KiB of a COPY; the gateway grew by {grown} kB")


def _pipeline(ground):
    """libpq's pipelines give through it what they give beside it, with errors in them"""
    batches = [[("SELECT $1::int * 2", [number]) for number in range(100)], [("SELECT 1/$1::int", [number]) for number in (2, 0, 1)],
               [], [("INSERT INTO talk VALUES ($1, $2) RETURNING *", [number, "w" * 9999]) for number in (9001, 9001, 9002)],
               [("SELECT repeat($1, 100000)", ["r"]) for _ in range(30)]]
    with ground.through() as one, ground.straight() as other:
        found, expected = one.pipeline(*batches), other.pipeline(*batches)
    require(found == expected and "22012" in found and "23505" in found and "aborted" in found, f"{str(found)[:500]}")


def _passwords(ground):
    """md5, SCRAM-SHA-256, a password in the clear and a rejection are settled between client and server, with the server's words"""
    _demand_passwords(ground)
    for role, secret in (("by_md5", "m-d-five"), ("by_scram", "scrambled"), ("by_word", "clear-word")):
        with ground.through(role, f"password={secret}") as session:
            require(session.value("SELECT current_user") == role, role)
        words = [_fails(lambda connect=connect: connect().close(), None, role) for connect in (
            lambda: ground.through(role, "password=wrong"),
            lambda: pq.Connection(ground.server.conninfo(ground.database, role) + " password=wrong"))]
        require(len({word.partition("FATAL")[2] for word in words}) == 1 and "FATAL" in words[0], f"{words}")
    require("pg_hba.conf rejects connection" in _fails(lambda: ground.through("rejected"), None, "rejected"), "other words")
    said = ground.gateway.said()
    require(not re.search("m-d-five|scrambled|clear-word", said), said)


def _demand_passwords(ground):
    with ground.straight() as connection:
        for role, secret, way in (("by_md5", "m-d-five", "md5"), ("by_scram", "scrambled", "scram-sha-256"), ("by_word", "clear-word", "md5"),
                                  ("rejected", "x", "md5")):
            connection.execute(f"SET password_encryption = '{way}'")
            connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{secret}'")
        path = os.path.join(ground.server.folder, "data", "pg_hba.conf")
        with open(path) as file:
            rest = file.read()
        with open(path, "w") as file:
            file.write("local all by_md5 md5\nlocal all by_scram scram-sha-256\nlocal all by_word password\nlocal all rejected reject\n" + rest)
        connection.execute("SELECT pg_reload_conf()")
        wait_until(lambda: connection.value("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'reject'") == "1", "the new rules")


def _replication(ground):
    """A base backup and a stream of the log through it are whole"""
    if not _own_programs(ground):
        ground.context.report.note("skipped: pg_basebackup of the server's own version is not there")
        return
    backup, log = (os.path.join(ground.gateway.folder, name) for name in ("backup", "log"))
    ground.run("pg_basebackup", "-D", backup, "-X", "stream", "-c", "fast")
    ground.run("pg_verifybackup", "-q", backup)
    os.mkdir(log)
    ground.value("SELECT pg_switch_wal()")
    ground.run("pg_receivewal", "-D", log, "-n", "--endpos", ground.value("SELECT pg_current_wal_insert_lsn()"))
    require(os.listdir(log), "pg_receivewal wrote nothing")
    ground.run("pg_recvlogical", "-d", ground.database, "-S", "through", "--create-slot")
    ground.value("INSERT INTO inbox VALUES (77, 'decoded') RETURNING 1")
    said = ground.run("pg_recvlogical", "-d", ground.database, "-S", "through", "--start", "-n", "-f", "-", "--endpos",
                      ground.value("SELECT pg_current_wal_insert_lsn()"))
    require(b"decoded" in said, said.decode(errors="replace"))
    ground.run("pg_recvlogical", "-d", ground.database, "-S", "through", "--drop-slot")


def _dump(ground):
    """pg_dump through it is the dump beside it, and goes back in through it"""
    if ground.server.major > 15:
        ground.context.report.note("skipped: Debian's pg_dump refuses servers newer than itself")
        return
    through, beside = ground.run("pg_dump"), ground.run("pg_dump", direct=True)
    plain = [re.sub(rb"^\\(un)?restrict .*$", b"", text, flags=re.M) for text in (through, beside)]
    require(plain[0] == plain[1], "the dumps differ")
    other = ground.server.create("restored")
    ground.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", other, stdin=through)
    with ground.server.connect(other) as connection:
        require(connection.value(_CONTENT.format("people")) == ground.value(_CONTENT.format("people")), "the rows differ")
    ground.server.drop(other)


def _fetched_clients(ground):
    """psycopg2 and node-postgres, where script/gateway-clients has fetched them, find through it what they find beside it"""
    for client in map(gateway_clients.Client, ("psycopg2", "node-postgres")):
        if client.is_there():
            client.require_same(ground.server, ground.server.folder, ground.gateway)
        else:
            ground.context.report.note(f"skipped: {client.name} is not there; script/gateway-clients fetches it")


def _too_many(ground):
    """A client too many is told so, by the gateway or the server; a query can be cancelled all the same, and room is used again"""
    with ground.another("--max-clients", "3") as small, contextlib.ExitStack() as stack:
        held = [stack.enter_context(small.connect(ground.database)) for _ in range(3)]
        words = _fails(lambda: small.connect(ground.database), None, "the fourth")
        require("too many clients" in words, words)
        held[0].send(_SLEEP)
        ground.wait_active(1)
        held[0].cancel()
        _fails(held[0].finish, "57014", "the query that was to be cancelled")
        held[1].close()

        def room():
            with contextlib.suppress(pq.DatabaseError):
                small.connect(ground.database).close()
                return True
            return False
        wait_until(room, "room for another client")
    with ground.straight() as connection:
        connection.execute("CREATE ROLE few LOGIN CONNECTION LIMIT 1")
    with ground.through("few"):
        require('too many connections for role "few"' in _fails(lambda: ground.through("few"), None, "the second"), "other words")


def _half_closed(ground):
    """A client that sends no more after what it asked is told the answer, as by the server"""
    def said(address):
        with fe.Frontend(address) as client:
            client.begin(database=ground.database)
            client.send(fe.query("SELECT count(*), pg_sleep(0.2) FROM people"), fe.query("SELECT name FROM people ORDER BY id"))
            client.socket.shutdown(socket.SHUT_WR)
            return client.rest()
    through, beside = said(ground.gateway.address), said(ground.direct)
    require(through == beside and through.count(b"D") >= _ROWS, f"{len(through)} bytes, {len(beside)} beside it")


def _goes_in_copy(ground):
    """A client that goes in the midst of a COPY, however much of it is on its way, leaves no session at the server"""
    gateway_lives.goes_in_copy(ground.gateway, ground.server, ground.database, lambda gateway: fe.Frontend(gateway.address))


def _silent(ground):
    """A client that does not say who it is goes after the time that it has, with words; others do not notice"""
    with ground.another("--startup-timeout", "1s") as strict:
        for said in (b"", fe.startup()[:7], fe.packet(fe.SSL)):
            with fe.Frontend(strict.address) as silent, strict.connect(ground.database) as other:
                silent.send(said)
                heard = silent.rest()
                require(b"took too long" in heard, f"{said}: {heard}")
                require(other.value("SELECT 1") == "1", "another client")


def _garbage(ground):
    """Whatever bytes a client sends, another one's answers are right and the gateway stays"""
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    stop, wrong = threading.Event(), []

    def honest():
        with ground.through() as session:
            while not stop.is_set():
                number = str(chance.randrange(1 << 30))
                if session.rows("SELECT $1::text, repeat($1, 50)", number) != [(number, number * 50)]:
                    wrong.append(number)
    thread = threading.Thread(target=honest)
    thread.start()
    try:
        for number in range(300):
            with fe.Frontend(ground.gateway.address, patience=5) as client, contextlib.suppress(OSError):
                if number % 3:
                    client.begin(database=ground.database)
                client.send(chance.randbytes(chance.choice((1, 8, 100, 70000))))
                if number % 2:
                    client.socket.shutdown(socket.SHUT_WR)
                    client.rest()
            require(thread.is_alive(), f"seed {seed}: the honest client's session has ended")
            ground.gateway.require_runs()
    finally:
        stop.set()
        thread.join()
    require(not wrong, f"seed {seed}: wrong answers {wrong}")
    wait_until(lambda: ground.sessions() == 0, "the server has no sessions left")


def _server_gone(ground):
    """When the server goes, clients are told what it said; while it is away they are told that; afterwards they are served"""
    held = [ground.through() for _ in range(3)]
    held[0].send(_SLEEP)
    ground.wait_active(1)
    ground.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                 " AND backend_type = 'client backend'")
    words = _fails(held[0].finish, None, "the session that the server ended")
    require("terminating connection due to administrator command" in words, words)
    held[1].cancel()
    again = ground.through()
    ground.server.crash()
    _fails(lambda: again.rows("SELECT 1"), None, "a session of a server that is gone")
    words = _fails(ground.through, None, "a new session")
    require("segue gateway: the server" in words and "cannot be reached" in words, words)
    ground.server.launch()
    with ground.through() as session:
        require(session.value("SELECT 1") == "1", "a session of the new server")
    for session in (*held, again):
        session.close()
    ground.gateway.require_runs()


def _idle(ground):
    """2,000 idle sessions take at most 20 kB each"""
    if ground.context.options.quick or ground.server.bin_dir != servers.DEBIAN_BIN:
        return
    with ground.another() as gateway, contextlib.ExitStack() as stack:
        first = [stack.enter_context(fe.Frontend(gateway.address)) for _ in range(50)]
        for client in first:
            client.begin(database=ground.database)
        before = gateway.memory_kb()
        clients = [stack.enter_context(fe.Frontend(gateway.address)) for _ in range(_IDLE_SESSIONS)]
        for client in clients:
            client.begin(database=ground.database)
        each = (gateway.memory_kb() - before) / _IDLE_SESSIONS
        for client in clients[::100]:
            require(client.ask("SELECT 1")[-1] == ("Z", b"I"), "a session of many")
        ground.context.report.note(f"{_IDLE_SESSIONS} idle sessions: {each:.1f} kB each")
        require(each <= _SESSION_KB, f"{each:.1f} kB a session")
    wait_until(lambda: ground.sessions() == 0, "the server has no sessions left", 120)


_PROMISES = [_same_bytes, _same_beginnings, _pgbench, _psql_copy, _interrupted, _cancel, _no_late_cancel, _long_keys, _newest_library, _notify, _slow_reader,
             _slow_server, _pipeline, _passwords, _replication, _dump, _fetched_clients, _too_many, _half_closed, _goes_in_copy, _silent, _garbage, _server_gone, _idle]
