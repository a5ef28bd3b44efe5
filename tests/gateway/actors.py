"""Who works beside mangled bytes at a gateway, so that what they use is at work while it is watched. Each runs in a thread of its own until the event, and
says what was wrong."""

import contextlib
import random
import signal
import socket
import ssl
import threading

from lib import frontend as fe, pq
from lib.mangling import mangled
from lib.tls_server import PASSWORD

SCHEMA = "CREATE TABLE counted (id integer PRIMARY KEY, n integer NOT NULL); INSERT INTO counted SELECT i, 0 FROM generate_series(1, 3) i;" \
    "GRANT ALL ON counted TO keyed, hashed; CREATE ROLE comparer LOGIN NOINHERIT; GRANT keyed, hashed TO comparer"
RULES = '[[rule]]\napplication = "ruled"\nversion = "{}"\n\n[[rule]]\naddress = ["10.0.0.0/8", "::1"]\nsticky = true\n'
_MAY_FAIL = ("40001", "40P01")  # a conflict, where the budget of retries is used up
_GETS = (b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", b"HEAD /metrics HTTP/1.0\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n", b"GET /" + b"a" * 40000)


def tls():
    """Takes any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Encrypted(fe.Frontend):
    """A client that asked for TLS."""

    def __init__(self, address, patience=30):
        super().__init__(address, patience)
        self.send(fe.packet(fe.SSL))
        if self.socket.recv(1) == b"S":
            self.socket = tls().wrap_socket(self.socket)


def mangle_tls(gateway, chance, ended, _wrong):
    """A handshake with faults in it, asked for or at once."""
    while not ended.is_set():
        said = ssl.MemoryBIO()
        with contextlib.suppress(ssl.SSLWantReadError):
            tls().wrap_bio(ssl.MemoryBIO(), said).do_handshake()
        with contextlib.suppress(OSError), fe.Frontend(gateway.address, patience=0.2) as client:
            if chance.randrange(2):
                client.send(fe.packet(fe.SSL))
                client.socket.recv(1)
            client.send(mangled(chance, said.read()))
            client.rest()


def mangle_metrics(port, chance, ended, wrong):
    """Requests with faults in them; in between a whole one, which is answered."""
    while not ended.wait(0.05):
        with contextlib.suppress(OSError), fe.Frontend(("127.0.0.1", port), patience=0.3) as client:
            client.send(mangled(chance, chance.choice(_GETS)))
            client.rest()
        with fe.Frontend(("127.0.0.1", port), patience=60) as client:
            client.send(_GETS[0].replace(b"Host: x", b"Host: x\r\nConnection: close"))
            if b"segue_gateway_sessions" not in client.rest():
                wrong.append("no metrics")


def mangle_hand_over(path, chance, ended, _wrong):
    """Whoever is given the listening sockets, and does not say that it serves them."""
    while not ended.wait(0.2):
        with contextlib.suppress(OSError), fe.Frontend(path, patience=1) as client:
            fds = socket.recv_fds(client.socket, 1 << 16, 16)[1]
            client.send(chance.choice((b"", b"r", b"\0" * 4000)))
            for fd in fds:
                socket.close(fd)


def figures(port):
    """What of its features the gateway has counted."""
    with fe.Frontend(("127.0.0.1", port), patience=60) as client:
        client.send(_GETS[0].replace(b"Host: x", b"Host: x\r\nConnection: close"))
        text = client.rest().decode()
    return {name: int(sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"segue_gateway_{name}_total")))
            for name in ("retries", "compared", "kept_calls", "shadow_applied")}


def reload(gateway, _chance, ended, _wrong):
    while not ended.wait(0.5):
        gateway.process.send_signal(signal.SIGHUP)


class Counting:
    """Updates that conflict, of sessions with passwords, encrypted and ruled or not: each that was not refused has counted once."""

    def __init__(self, gateway, database):
        self.gateway, self.database = gateway, database
        self.counted = 0
        self._lock = threading.Lock()

    def run(self, chance, ended, wrong):
        try:
            while not ended.is_set():
                more = f"password='{PASSWORD}' sslmode={chance.choice(('disable', 'require'))} application_name={chance.choice(('ruled', 'other'))}" \
                    " options='-c default_transaction_isolation=serializable'"
                with self.gateway.connect(self.database, chance.choice(("keyed", "hashed")), more) as client:
                    self._count(client, chance)
        except Exception as error:  # pylint: disable=broad-except
            wrong.append(repr(error))

    def _count(self, client, chance):
        for _ in range(100):
            number = chance.randrange(1 << 30)
            if client.value("SELECT $1::text || count(*) FROM counted", number) != f"{number}3":
                raise AssertionError(f"another answer than that of {number}")
            try:
                client.rows("UPDATE counted SET n = n + 1 WHERE id = $1 RETURNING n", 1 + number % 3)
            except pq.DatabaseError as error:
                if error.sqlstate not in _MAY_FAIL:
                    raise
                continue
            with self._lock:
                self.counted += 1


def threads(gateway, database, metrics, hand_over, seed, ended, wrong):
    """Not started; and the counting of some of them."""
    counting = Counting(gateway, database)
    acts = [lambda *rest: mangle_tls(gateway, *rest), lambda *rest: mangle_metrics(metrics, *rest), lambda *rest: mangle_hand_over(hand_over, *rest),
            lambda *rest: reload(gateway, *rest), counting.run, counting.run, counting.run]
    return [threading.Thread(target=act, args=(random.Random(seed * 100 + 80 + number), ended, wrong)) for number, act in enumerate(acts)], counting
