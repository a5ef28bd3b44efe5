"""Clients that say mangled things to a gateway and hang up in every way, beside honest ones that compare each answer that they get."""

import contextlib
import random
import socket
import struct
import threading
import time

from . import conversations, frontend as fe

ROLE = "mangler"  # a function call with a number out of nowhere must not reach what a superuser may do
_BEGINNINGS = (fe.packet(fe.SSL), fe.packet(fe.GSS), fe.packet(fe.CANCEL, b"\0\0\0\7" + b"k" * 4), fe.packet(fe.CANCEL, b"\1\2\3\4" + b"k" * 32))


def mangled(chance, data):
    """With some bytes changed, gone, twice or new, lengths more often than others."""
    data = bytearray(data)
    for _ in range(chance.choice((0, 1, 1, 2, 5, 30))):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[at:at + chance.choice((1, 4, 100))]
        elif kind == 2:
            data[at:at] = chance.randbytes(chance.choice((1, 4, 100)))
        elif kind == 3:
            data[at:at] = data[at:at + chance.choice((5, 200))]
        elif kind == 4:
            data[at:at + 4] = struct.pack("!I", chance.choice((0, 3, 4, 5, 10000, 1 << 20, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)))
        else:
            del data[at:]
    return bytes(data)


_TO_CONSOLE = [fe.query(sql) for sql in ("SHOW SESSIONS", "PAUSE 0.01", "RESUME", "KILL 5", "RELOAD", "SHOW VERSIONS; SHOW STATS", "BEGIN", "'\"/*--")] + [
    fe.parse("SHOW SESSIONS", "a") + fe.bind(name="a", portal="p") + fe.describe("S", "a") + fe.describe("P", "p") + fe.execute("p", 1) + fe.SYNC,
    fe.parse("SHOW HELP") + fe.bind() + fe.execute(most=2) + fe.execute() + fe.SYNC, fe.message("F", b"\0" * 20), fe.message("C", b"Sa\0"), fe.FLUSH]


def mangle_console(chance, path, ended):
    """Mangled messages at a gateway's console, until the event."""
    while not ended.is_set():
        with contextlib.suppress(OSError, struct.error, IndexError, StopIteration), fe.Frontend(path, patience=0.3) as client:
            said = b"".join(chance.choice(_TO_CONSOLE) for _ in range(chance.choice((1, 3, 20))))
            if chance.randrange(4) == 0:
                client.send(mangled(chance, fe.packet(chance.choice((fe.SSL, fe.CANCEL))) * chance.randrange(2) + fe.startup() + said))
            else:
                client.begin()
                client.send(mangled(chance, said), chance.choice((b"", fe.TERMINATE)))
            if chance.randrange(2):
                client.until("\0")


class Mangling:
    """So many of each, each in a thread of its own, until `stop`. Everything follows from the seed but the threads' order."""

    def __init__(self, gateway, database, seed, encrypted=None, manglers=6, honest=3):
        self.gateway, self.database = gateway, database
        self._encrypted = encrypted  # opens a client that encrypts, where the gateway takes such
        self.said = self.answers = 0
        self.wrong, self.paths = [], []
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._keys = []  # of sessions of manglers, to be cancelled
        self._threads = [threading.Thread(target=self._mangle, args=(random.Random(seed * 100 + number),)) for number in range(manglers)]
        self._threads += [threading.Thread(target=self._stay, args=(number,)) for number in range(honest)]
        self._threads += [threading.Thread(target=self._be_honest, args=(random.Random(seed * 100 + 50 + number),)) for number in range(honest)]

    def run(self, seconds):
        for thread in self._threads:
            thread.start()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.gateway.runs() and not self.wrong:
            time.sleep(0.1)
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _mangle(self, chance):
        while not self._stop.is_set() and self.gateway.runs():
            with contextlib.suppress(OSError, IndexError, struct.error, StopIteration), self._client(chance) as client:
                self._speak(chance, client)
            with self._lock:
                self.said += 1

    def _client(self, chance):
        if self._encrypted and chance.randrange(4) == 0:
            return self._encrypted(self.gateway.address, patience=2)
        return fe.Frontend(chance.choice((self.gateway.address, self.gateway.socket)), patience=2)

    def _speak(self, chance, client):
        said = chance.choice(list(conversations.CONVERSATIONS.values()))[:200000]
        start = fe.startup(user=ROLE, database=self.database, version=chance.choice((fe.VERSION_3_0, fe.VERSION_3_2)))
        way = chance.randrange(5)
        if way == 0:
            data = mangled(chance, chance.choice(_BEGINNINGS) * chance.choice((1, 1, 40)) + start + said)
        elif way == 1:
            data = fe.packet(fe.CANCEL, mangled(chance, self._key(chance)))
        else:
            client.begin(user=ROLE, database=self.database)
            with self._lock:
                self._keys = (self._keys + [client.key])[-50:]
            data = mangled(chance, said * chance.choice((1, 1, 3)) + chance.choice((b"", fe.TERMINATE)))
        begin = 0
        for cut in sorted(chance.randrange(len(data) + 1) for _ in range(chance.choice((0, 3, 30)))) + [len(data)]:
            client.send(data[begin:cut])
            begin = cut
        self._hang_up(chance, client)

    def _key(self, chance):
        with self._lock:
            return chance.choice(self._keys) if self._keys else b"\0" * 8

    def _hang_up(self, chance, client):
        way = chance.randrange(4)
        if way == 0:  # as a process that is killed, with a reset
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif way == 1:
            client.socket.shutdown(socket.SHUT_WR)
            client.rest()
        elif way == 2:
            client.socket.settimeout(0.05)
            client.rest()

    def _be_honest(self, chance):
        try:
            while not self._stop.is_set():
                with fe.Frontend(self.gateway.address, patience=120) as client:
                    client.begin(database=self.database)
                    for _ in range(50):
                        self._ask(chance, client)
        except Exception as error:  # pylint: disable=broad-except
            self.wrong.append(repr(error))

    def _stay(self, number):
        """One session all the time, with a setting and a prepared statement, wherever it is moved to."""
        try:
            with fe.Frontend(self.gateway.address, patience=120) as client:
                client.begin(database=self.database)
                client.ask(f"SET work_mem = '{number + 5}MB'")
                client.send(fe.parse("SELECT current_setting('work_mem'), $1::text, current_setting('search_path')", "kept"), fe.SYNC)
                client.until("Z")
                turn = 0
                while not self._stop.is_set():
                    turn += 1
                    client.send(fe.bind(turn, name="kept"), fe.execute(), fe.SYNC)
                    self._expect(client, [f"{number + 5}MB", str(turn)])
                    time.sleep(0.005)
        except Exception as error:  # pylint: disable=broad-except
            self.wrong.append(repr(error))

    def _expect(self, client, words):
        """The row of one answer begins with the words; a search path ends it."""
        answers = client.until("Z")
        expected = struct.pack("!H", 3) + b"".join(struct.pack("!I", len(word)) + word.encode() for word in words)
        rows = [body for kind, body in answers if kind == "D"]
        if len(rows) != 1 or not rows[0].startswith(expected):
            self.wrong.append(f"{words}: {str(answers)[:300]}")
            self._stop.set()
            return
        with self._lock:
            self.answers += 1
            path = rows[0][len(expected) + 4:]
            if path not in self.paths:
                self.paths.append(path)

    def _ask(self, chance, client):
        """Some questions in a pipeline, by which each answer is known."""
        numbers = [chance.randrange(1 << 30) for _ in range(chance.choice((1, 5)))]
        client.send(*(fe.query(f"SELECT {number}, repeat('{number};', 200)") if number % 2 else
                      fe.parse("SELECT $1::text, repeat($1 || ';', 200)") + fe.bind(number) + fe.execute() + fe.SYNC for number in numbers))
        for number in numbers:
            rows = [body for kind, body in client.until("Z") if kind == "D"]
            words = [str(number).encode(), f"{number};".encode() * 200]
            expected = struct.pack("!H", 2) + b"".join(struct.pack("!I", len(word)) + word for word in words)
            if rows != [expected]:
                self.wrong.append(f"{number}: {str(rows)[:300]}")
                self._stop.set()
            with self._lock:
                self.answers += 1
