"""A gateway with TLS on either side: what a client is allowed and told is what the server itself would have it be; what the server is
asked for is what --url says."""

import contextlib
import os
import shutil
import socket
import ssl
import struct
import subprocess

from . import frontend as fe, gateway_lives, pq
from . import server as servers
from .gateway import Gateway
from .promises import promise_all
from .report import require
from .tls_server import PASSWORD, TlsServer
from .traffic import wait_until

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_GSS_REQUEST = struct.pack("!ii", 8, 80877104)
_IDLE_SESSIONS, _SESSION_KB = 300, 40
_ROWS = 100_000


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = TlsServer(base.bin_dir, {"max_connections": "400"})
    try:
        promise_all(context, server, context.further(base, _PROMISES, 3), _Ground(context, server))
    finally:
        server.stop()


class _Ground:
    """A server with TLS, certificates for gateways, and gateways as a promise wants them."""

    def __init__(self, context, server):
        self.context, self.server, self.authority = context, server, server.authority
        self.folder = server.folder
        for name, names, days in (("front", "DNS:localhost", 30), ("elsewhere", "DNS:elsewhere.example", 30),
                                  ("expired", "DNS:localhost", -1)):
            self.authority.sign(name, names, days)
        self.root = self.authority.certificate()

    def files(self, name):
        return ("--tls-cert", self.authority.certificate(name), "--tls-key", self.authority.key(name))

    def gateway(self, *arguments, url=None):
        return Gateway(self.context.options.segue, self.server, *arguments, url=url)

    def encrypted_url(self, more="sslmode=verify-full"):
        return self.server.tcp_url("postgres", f"{more}&sslrootcert={self.root}")


def _conninfo(port, more, user="postgres", password=None):
    secret = f" password='{password}'" if password else ""
    return f"host=localhost hostaddr=127.0.0.1 port={port} dbname=postgres user={user}{secret} {more}"


def _outcome(port, more, **who):
    """Whether a client of libpq's gets in, encrypted or not; else the words of the refusal."""
    try:
        with pq.Connection(_conninfo(port, more, **who)) as connection:
            require(connection.value("SELECT 6 * 7") == "42", "a session that answers otherwise")
            return "encrypted" if connection.encrypted() else "in the clear"
    except pq.DatabaseError as error:
        return error.message


def _refused(outcome, words):
    require(words in outcome, f"{outcome!r} instead of a refusal with {words!r}")


def _modes(ground):
    """Every sslmode of libpq's does at the gateway what it does at a server with the same certificate"""
    stranger = ground.server.stranger.certificate()
    ways = [f"sslmode={mode}" for mode in ("disable", "allow", "prefer", "require")]
    ways += [f"sslmode={mode} sslrootcert={root}" for mode in ("prefer", "require", "verify-ca", "verify-full")
             for root in (ground.root, stranger)]
    ways += [f"sslmode=verify-full sslrootcert={ground.root} ssl_max_protocol_version=TLSv1.2"]
    seen = set()
    for name in ("front", "elsewhere", "expired"):
        ground.server.show(name)
        ground.server.reload()
        with ground.gateway(*ground.files(name)) as gateway:
            wait_until(lambda name=name: _shows(ground, name), "the server has taken the certificate")
            for way in ways:
                there, here = _outcome(ground.server.port, way), _outcome(gateway.port, way)
                seen.add(here.split(":")[-1])
                require(_without_port(here) == _without_port(there), f"{name}, {way}: {here!r}; the server itself: {there!r}")
    ground.server.show("server")
    ground.server.reload()
    require(len(seen) == 4, f"the ways did not differ: {seen}")


def _without_port(outcome):
    return outcome.split("failed:")[-1]


def _shows(ground, name):
    seen = ssl_certificate(ground.server.port)
    with open(ground.authority.certificate(name)) as file:
        return seen == ssl.PEM_cert_to_DER_cert(file.read())


def ssl_certificate(port):
    """What is shown on the port to one who asks for TLS."""
    with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as plain:
        plain.sendall(_SSL_REQUEST)
        require(plain.recv(1) == b"S", "no TLS there")
        with _lenient().wrap_socket(plain) as secured:
            return secured.getpeercert(True)


def _lenient(protocol=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if protocol:
        context.set_alpn_protocols([protocol])
    return context


def _not_offered(ground):
    """Without a certificate clients are told that there is no TLS, with it that there is no GSS"""
    with ground.gateway() as gateway:
        _refused(_outcome(gateway.port, "sslmode=require"), "server does not support SSL")
        require(_outcome(gateway.port, "sslmode=prefer") == "in the clear", "sslmode=prefer")
    with ground.gateway(*ground.files("front")) as gateway:
        with contextlib.closing(socket.create_connection(gateway.address)) as client:
            client.sendall(_GSS_REQUEST)
            require(client.recv(1) == b"N", "an answer to GSSENCRequest other than N")
            client.sendall(_SSL_REQUEST)
            require(client.recv(1) == b"S", "no TLS after GSS was declined")


def _required(ground):
    """With --tls-required who does not encrypt is told so, except over the unix socket"""
    with ground.gateway(*ground.files("front"), "--tls-required") as gateway:
        _refused(_outcome(gateway.port, "sslmode=disable"), "only encrypted connections are taken")
        require(_outcome(gateway.port, "sslmode=allow") == "encrypted", "sslmode=allow goes on to TLS")
        with pq.Connection(f"host={gateway.folder} port={gateway.socket.rsplit('.', 1)[1]} dbname=postgres user=postgres") as local:
            require(local.value("SELECT 1") == "1", "the unix socket")


def _bad_files(ground):
    """A certificate or key that cannot be used is named before the gateway listens"""
    key = ground.authority.key("front")
    open_key = shutil.copy(key, os.path.join(ground.folder, "open.key"))
    os.chmod(open_key, 0o644)
    certificate = ground.authority.certificate("front")
    segue = ground.context.segue.on(ground.server, "postgres")
    for arguments, words in ((("--tls-cert", certificate), "needs both"),
                             (("--tls-required",), "needs both"),
                             (("--tls-cert", certificate, "--tls-key", open_key), "can be read by others"),
                             (("--tls-cert", certificate, "--tls-key", ground.authority.key("server")), "key values mismatch"),
                             (("--tls-cert", "/nowhere.crt", "--tls-key", key), "/nowhere.crt")):
        done = segue.run("gateway", "--listen", "127.0.0.1:0", *arguments)
        require(done.code == 2 and words in done.err, f"{arguments}: {done}")


def _injected(ground):
    """Bytes in the clear behind the request for TLS end the connection"""
    with ground.gateway(*ground.files("front")) as gateway:
        with contextlib.closing(socket.create_connection(gateway.address)) as client:
            client.sendall(_SSL_REQUEST + b"Q\0\0\0\x0cSELECT 1\0")
            said = client.recv(4096)
            require(said[:1] == b"E" and b"unencrypted data" in said, f"{said!r}")
            require(client.recv(1) == b"", "it goes on")
        require(gateway.runs(), "the gateway has ended")


def _direct(ground):
    """TLS from the first byte is taken where it names PostgreSQL, and from nobody else"""
    startup = b"user\0postgres\0database\0postgres\0\0"
    startup = struct.pack("!ii", 8 + len(startup), 196608) + startup
    with ground.gateway(*ground.files("front")) as gateway:
        with socket.create_connection(gateway.address) as plain, _lenient("postgresql").wrap_socket(plain) as client:
            require(client.selected_alpn_protocol() == "postgresql", "the protocol is not named back")
            client.sendall(startup)
            require(client.recv(1) == b"R", "no answer to the startup packet")
        for protocol in (None, "http/1.1"):
            try:
                with socket.create_connection(gateway.address) as plain, _lenient(protocol).wrap_socket(plain) as client:
                    client.sendall(startup)
                    said = client.recv(1)
            except OSError:
                said = b""
            require(said == b"", f"ALPN {protocol}: {said!r}")
        library = _library_of_17(ground.server)
        if library:
            said = _psql(gateway.port, f"sslnegotiation=direct sslmode=verify-full sslrootcert={ground.root}", library)
            require("42" in said, f"libpq 17 with sslnegotiation=direct: {said}")


def _library_of_17(server):
    """libpq of the server under test, where it can do direct TLS."""
    folder = os.path.join(os.path.dirname(server.bin_dir), "lib")
    return folder if server.major >= 17 and os.path.exists(os.path.join(folder, "libpq.so.5")) else None


def _psql(port, more, library):
    program = shutil.which("psql") or os.path.join(servers.DEBIAN_BIN, "psql")
    done = subprocess.run([program, "-XAt", "-d", _conninfo(port, more), "-c", "SELECT 6 * 7"], check=False,
                          env=dict(os.environ, LD_LIBRARY_PATH=library), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.decode(errors="replace")


def _server_side(ground):
    """The server is spoken to as the control session is, for each sslmode of --url"""
    own = ground.authority.sign("application", None)
    wishes = {"sslmode=disable": False, "sslmode=allow": False, "sslmode=prefer": True, "sslmode=require": True,
              f"sslmode=require&sslrootcert={ground.root}": True, f"sslmode=verify-ca&sslrootcert={ground.root}": True,
              f"sslmode=verify-full&sslrootcert={ground.root}": True,
              f"sslmode=verify-full&sslrootcert={ground.root}&ssl_max_protocol_version=TLSv1.2": True,
              f"sslmode=require&sslcert={own[0]}&sslkey={own[1]}": True}
    for wish, encrypted in wishes.items():
        with ground.gateway(url=ground.server.tcp_url("postgres", wish)) as gateway:
            with pq.Connection(_conninfo(gateway.port, "sslmode=disable")) as client:
                found = client.rows("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")[0]
                require(found[0] == ("t" if encrypted else "f"), f"{wish}: {found}")
                require("TLSv1.2" not in wish or found[1] == "TLSv1.2", f"{wish}: {found}")
    with ground.gateway() as gateway, pq.Connection(_conninfo(gateway.port, "sslmode=disable")) as client:
        require(client.value("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == "f", "over the unix socket")


def _server_changes(ground):
    """A server whose certificate no longer fits is not spoken to, and clients are told why"""
    ground.server.stranger.sign("impostor", "DNS:localhost")
    for name, words in (("impostor", "certificate is not accepted"), ("elsewhere", "not for host \"localhost\""),
                        ("expired", "certificate has expired")):
        with ground.gateway(url=ground.encrypted_url()) as gateway:
            require(_outcome(gateway.port, "sslmode=disable") == "in the clear", "before")
            ground.server.show(name)
            ground.server.reload()
            wait_until(lambda: "segue gateway" in _outcome(gateway.port, "sslmode=disable"), f"{name} is refused")
            _refused(_outcome(gateway.port, "sslmode=disable"), words)
            ground.server.show("server")
            ground.server.reload()
            wait_until(lambda: _outcome(gateway.port, "sslmode=disable") == "in the clear", "the right one is taken again")


def _passwords(ground):
    """Passwords pass through every combination of TLS on both sides, bound to the channel where both ends have one certificate"""
    require_binding = "channel binding"
    for user in ("keyed", "hashed"):
        for front in (None, "front", "server"):
            for url in (None, "sslmode=disable", "sslmode=require"):
                with ground.gateway(*(ground.files(front) if front else ()),
                                    url=ground.server.tcp_url("postgres", url or "sslmode=disable")) as gateway:
                    for binding in ("disable", "prefer", "require"):
                        mode = "sslmode=require" if front else "sslmode=disable"
                        found = _outcome(gateway.port, f"{mode} channel_binding={binding}", user=user, password=PASSWORD)
                        what = f"{user}, clients' side {front}, server's {url}, channel_binding={binding}: {found}"
                        both = front and url == "sslmode=require"
                        if user == "keyed" and both and front == "front" and binding == "prefer":
                            require("through a gateway with another certificate" in found, what)
                        elif binding == "require" and not (user == "keyed" and both and front == "server"):
                            require(require_binding in found, what)
                        else:
                            require(found == ("encrypted" if front else "in the clear"), what)
                    wrong = _outcome(gateway.port, f"sslmode={'require' if front else 'disable'} channel_binding=disable",
                                     user=user, password="wrong")
                    require("password authentication failed" in wrong, f"a wrong password: {wrong}")


def _cancelled(ground):
    """A cancel request reaches the server over TLS"""
    with ground.gateway(*ground.files("front"), url=ground.encrypted_url()) as gateway:
        with pq.Connection(_conninfo(gateway.port, "sslmode=require")) as client:
            client.send("SELECT pg_sleep(300)")
            with ground.server.connect("postgres") as other:
                wait_until(lambda: other.value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(300)%'"
                                               " AND state = 'active'") == "1", "it runs")
            client.cancel()
            try:
                client.finish()
                require(False, "it was not cancelled")
            except pq.DatabaseError as error:
                require(error.sqlstate == "57014", str(error))


def _bulk(ground):
    """Large results, COPY both ways and pipelines arrive whole through TLS on both sides"""
    sql = f"SELECT i, repeat(md5(i::text), 1 + i % 9) FROM generate_series(1, {_ROWS}) i"
    with ground.server.connect("postgres") as straight:
        straight.execute("DROP TABLE IF EXISTS poured; CREATE TABLE poured (i int, word text)")
        expected = straight.rows(sql)
    with ground.gateway(*ground.files("front"), url=ground.encrypted_url()) as gateway:
        with pq.Connection(_conninfo(gateway.port, "sslmode=require")) as client:
            require(client.rows(sql) == expected, "the result differs")
            client.copy_in("COPY poured FROM STDIN", ["\t".join(row) for row in expected])
            require(client.rows("SELECT * FROM poured ORDER BY i") == expected, "what was poured in differs")
        pgbench = os.path.join(ground.server.bin_dir, "pgbench")
        pgbench = pgbench if os.path.exists(pgbench) else os.path.join(servers.DEBIAN_BIN, "pgbench")
        where = dict(os.environ, PGHOST="localhost", PGHOSTADDR="127.0.0.1", PGPORT=str(gateway.port), PGUSER="postgres",
                     PGDATABASE="postgres", PGSSLMODE="verify-full", PGSSLROOTCERT=ground.root)
        for arguments in (["-i", "-s", "1", "-q"], ["-c", "4", "-T", "2", "-M", "prepared"], ["-c", "4", "-t", "25", "-C", "-S"]):
            done = subprocess.run([pgbench, *arguments], env=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            require(done.returncode == 0 and b"aborted" not in done.stdout, f"pgbench {arguments}: {done.stdout.decode()[-2000:]}")


def _goes_in_copy(ground):
    """A client that goes in the midst of a COPY leaves no session at a server that is spoken to with TLS"""
    with ground.gateway(url=ground.encrypted_url()) as gateway:
        gateway_lives.goes_in_copy(gateway, ground.server, "postgres", lambda gateway: fe.Frontend(gateway.address))


def _memory(ground):
    """An idle session with TLS on both sides takes little memory"""
    found = {}
    for label, arguments, url, mode in (("in the clear", (), ground.server.tcp_url("postgres", "sslmode=disable"), "disable"),
                                        ("clients encrypt", ground.files("front"),
                                         ground.server.tcp_url("postgres", "sslmode=disable"), "require"),
                                        ("both sides encrypted", ground.files("front"), ground.encrypted_url(), "require")):
        with ground.gateway(*arguments, url=url) as gateway, contextlib.ExitStack() as stack:
            for _ in range(5):
                _outcome(gateway.port, f"sslmode={mode}")
            before = gateway.memory_kb()
            for _ in range(_IDLE_SESSIONS):
                one = stack.enter_context(pq.Connection(_conninfo(gateway.port, f"sslmode={mode}")))
                one.rows("SELECT 1")
            found[label] = (gateway.memory_kb() - before) / _IDLE_SESSIONS
    ground.context.report.note(", ".join(f"{label}: {kb:.1f} kB" for label, kb in found.items()) + " a session")
    require(found["both sides encrypted"] <= _SESSION_KB * 2, str(found))
    require(found["clients encrypt"] <= _SESSION_KB, str(found))


_PROMISES = [_modes, _not_offered, _required, _bad_files, _injected, _direct, _server_side, _server_changes, _passwords, _cancelled,
             _bulk, _goes_in_copy, _memory]
