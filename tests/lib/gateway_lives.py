"""The life of sessions at a gateway: whoever goes, in whatever way, takes its session along, and many lives leave nothing behind."""

import contextlib
import os
import shutil
import socket
import struct
import subprocess
import threading

from . import frontend as fe
from . import server as servers
from .report import require
from .traffic import wait_until

_SHORT, _LONG = 600, 20_000
_CUT_OFF = 16  # for each part of them, cut off in the midst of an answer or of a question
_GROWN_KB = 3072  # what an allocator may keep of what it was given back
_LINES = b"line\n" * 80_000  # more than the server and the system take, less than what the gateway keeps before it no longer reads


def _reset(client):
    """As of a process that is killed."""
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _cut_off(address, database, number):
    with fe.Frontend(address) as client:
        client.begin(database=database)
        if number % 2:
            client.send(fe.query("SELECT repeat('x', 1000) FROM generate_series(1, 100000)"))
            client.read()
        else:
            client.send(fe.query("CREATE TEMPORARY TABLE poured (line text); COPY poured FROM STDIN"))
            client.until("G")
            client.send(fe.copy_data(b"half a"))
        if number % 4 < 2:
            _reset(client)


def _pgbench(ground, count):
    program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
    script = os.path.join(ground.server.folder, "short.sql")
    with open(script, "w") as file:
        file.write("SELECT count(*) FROM users WHERE id = 1;\n")
    done = subprocess.run([program, "-n", "-C", "-M", "prepared", "-c", "8", "-j", "2", "-t", str(count // 8), "-f", script],
                          env=ground.gateway.environment(ground.database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    require(done.returncode == 0 and b"failed transactions: 0 " in done.stdout, done.stdout.decode(errors="replace")[-2000:])


def _live(ground, count):
    """So many sessions, one after the other and some at once, while shares change."""
    ended = threading.Event()

    def ramp():
        while not ended.is_set():
            for words in (("100",), ("0",), ("50", "--reads"), ("0", "--reads")):
                ground.segue.must("ramp", *words)
    thread = threading.Thread(target=ramp)
    thread.start()
    try:
        for part in range(4):
            _pgbench(ground, count // 4)
            for number in range(_CUT_OFF // 4):
                _cut_off(ground.gateway.address, ground.database, part + number)
    finally:
        ended.set()
        thread.join()


def _held(ground):
    """What the gateway has, once nobody is there."""
    folder = f"/proc/{ground.gateway.pid}/fd"

    def alone():
        with ground.server.connect(ground.database) as connection:
            return connection.value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                                    " AND application_name <> 'segue gateway'") == "0"
    wait_until(alone, "the server has no sessions left")
    return len(os.listdir(folder)), ground.gateway.memory_kb()


def short_lives(ground):
    """Thousands of short sessions, some cut off in the midst of an answer or of a COPY, while shares change, leave no descriptor open and no memory in use"""
    count = _LONG if ground.context.options.long else _SHORT
    _live(ground, count // 4)  # what is had once, is had
    before = _held(ground)
    _live(ground, count)
    wait_until(lambda: _held(ground)[0] <= before[0], f"as many descriptors as before: {before[0]}, not {_held(ground)[0]}")
    grown = _held(ground)[1] - before[1]
    ground.context.report.note(f"{count} sessions: {before[0]} descriptors before and after, memory {before[1]} kB and {grown} kB more")
    require(grown <= _GROWN_KB, f"{grown} kB more")


def goes_in_copy(gateway, server, database, client_of):
    """Whoever sends the beginning of a COPY and goes, by any way, has no session at the server any more. client_of: opens a client."""
    with server.connect(database) as straight:
        straight.execute("DROP TABLE IF EXISTS poured_in; CREATE TABLE poured_in (line text)")
        for said in (fe.copy_data(b"half a"), fe.copy_data(b"line\n")[:-2], fe.copy_data(_LINES)):
            for go in (lambda client: client.socket.shutdown(socket.SHUT_WR), _reset, lambda client: None):
                with contextlib.ExitStack() as stack:
                    client = stack.enter_context(client_of(gateway))
                    client.begin(database=database, application_name="goes")
                    straight.execute("BEGIN; LOCK poured_in")
                    client.send(fe.query("COPY poured_in FROM STDIN"), said)
                    wait_until(lambda: straight.value("SELECT count(*) FROM pg_locks WHERE NOT granted") == "1", "the COPY waits")
                    go(client)
                straight.execute("COMMIT")
                wait_until(lambda: straight.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'goes'") == "0",
                           f"it is gone: {len(said)} bytes")
        require(straight.value("SELECT count(*) FROM poured_in") == "0", "half of a COPY is there")
