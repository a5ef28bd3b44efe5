"""Sessions whose server asks for a password move between versions, though the gateway is never given one; nobody learns a secret by it."""

import base64
import contextlib
import hashlib
import hmac
import os
import re
import shutil
import socket
import struct
import subprocess
import threading

from . import frontend as fe
from . import server as servers
from .gateway import Gateway
from .oracle_ramp import NEW, OLD, RampGround
from .promises import promise_all
from .report import require
from .tls_server import PASSWORD, TlsServer
from .traffic import wait_until

_ASKED, _STALE = "the server asks for a password", "its password is no longer valid"
_PRIVILEGES = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "privileges.md")
_SECRETS = {"by_scram": "scrambled-eggs", "by_md5": "m-d-five-times", "by_word": "clear-as-glass"}
_MOVERS = ("by_scram", "by_md5")
_RULES = "local all by_scram scram-sha-256\nlocal all by_md5 md5\nlocal all by_word password\nlocal all chief scram-sha-256\n"
_ROLES = """
SET password_encryption = 'scram-sha-256';
CREATE ROLE by_scram LOGIN PASSWORD 'scrambled-eggs';
CREATE ROLE by_word LOGIN PASSWORD 'clear-as-glass';
CREATE ROLE chief LOGIN SUPERUSER PASSWORD 'scrambled-eggs';
SET password_encryption = 'md5';
CREATE ROLE by_md5 LOGIN PASSWORD 'm-d-five-times';
GRANT SELECT, UPDATE ON users TO by_scram, by_md5, by_word, keyed, hashed;
"""
_REGION_MAX = 1 << 30  # larger ones are the shadows of sanitizers
_TRAFFIC = r"""
\set id random(1, 2000)
SELECT id, visits FROM users WHERE id = :id;
UPDATE users SET visits = visits + 1 WHERE id = :id;
"""


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = TlsServer(base.bin_dir)
    try:
        with _Ground(context, server) as ground:
            promise_all(context, server, context.further(base, _PROMISES, 3, slow=True), ground)
    finally:
        server.stop()


def _documented(heading):
    """The statements of the first SQL block below a heading of docs/privileges.md."""
    with open(_PRIVILEGES, encoding="utf-8") as file:
        block = re.search(rf"^{heading}$.*?```sql\n(.*?)```", file.read(), re.S | re.M)[1]
    return [statement for statement in block.split(";") if statement.strip()]


class _Ground(RampGround):
    """Both versions live; roles with passwords; a gateway whose own role is the documented one."""

    def __init__(self, context, server):
        super().__init__(context, server, _ROLES)

    def opened(self):
        self.demand_passwords()
        self.run(self.database, *_documented("## Gateway"))
        return Gateway(self.context.options.segue, self.server, "--breaker-p95", "300", "--log-level", "debug",
                       url=self.server.url(self.database, "segue_gateway"))

    def demand_passwords(self):
        path = os.path.join(self.server.folder, "data", "pg_hba.conf")
        with open(path) as file:
            rest = file.read()
        with open(path, "w") as file:
            file.write(_RULES + rest)
        with self.server.connect(self.database) as connection:
            connection.execute("SELECT pg_reload_conf()")
            wait_until(lambda: connection.value("SELECT count(*) FROM pg_hba_file_rules WHERE user_name = '{chief}'") == "1", "the new rules")

    def of(self, role, secret=None):
        return self.gateway.connect(self.database, role, f"password={secret or _SECRETS[role]}")

    def forbid(self):
        self.ramp(0)
        self.run(self.database, "DROP FUNCTION IF EXISTS segue.gateway_verifier(name)")

    def allow(self, words="rolpassword", volatility="STABLE"):
        """The gateway may read verifiers, as documented; or the documented function answers something else. No share is given."""
        self.forbid()
        for statement in _documented("### Passwords"):
            self.run(self.database, statement.replace("SELECT rolpassword", f"SELECT {words}").replace("STABLE", volatility))

    def new_password(self, role, secret):
        self.run(self.database, f"SET password_encryption = '{'md5' if role == 'by_md5' else 'scram-sha-256'}'", f"ALTER ROLE {role} PASSWORD '{secret}'")

    def in_memory(self, needle):
        """Whether the bytes are anywhere in the gateway's memory."""
        with open(f"/proc/{self.gateway.pid}/maps") as maps, open(f"/proc/{self.gateway.pid}/mem", "rb", 0) as memory:
            for line in maps:
                place, rights = line.split()[:2]
                begin, end = (int(number, 16) for number in place.split("-"))
                if not rights.startswith("rw") or end - begin > _REGION_MAX:
                    continue
                memory.seek(begin)
                with contextlib.suppress(OSError):  # what the kernel keeps for itself
                    if needle in memory.read(end - begin):
                        return True
        return False

    def stay(self, role, why, clients):
        """That these sessions, on the old version, stay there for that reason, and work on."""
        pids = [client.value("SELECT pg_backend_pid()") for client in clients]
        self.ramp(100)
        wait_until(lambda: self.on(100)["staying"].get(why, 0) == len(clients), f"{role}: {why}")
        require([client.value("SELECT pg_backend_pid()") for client in clients] == pids, f"{role}: it was moved")
        require(all(client.value("SELECT visits FROM users WHERE id = 7") is not None for client in clients), f"{role}: harmed")


def _without(ground):
    """Without a way to the verifiers sessions stay, with the reason, and segue ramp says where to read on"""
    ground.forbid()
    for role in _SECRETS:
        with ground.of(role) as client:
            ground.stay(role, _ASKED, [client])
            said = ground.segue.must("ramp", "100").out
            require(_ASKED in said and "gateway.md" in said, said)
            ground.ramp(0)


def _moves(ground):
    """With the documented function they move to and fro with what they hold, as the same role; one begun on either version"""
    ground.allow()
    for role in _MOVERS:
        for begun, shares in ((0, (100, 0, 100)), (100, (0,))):
            ground.ramp(begun)
            with ground.of(role) as client:
                client.execute("SET statement_timeout = '77s'")
                client.prepare("mine", "SELECT visits + $1 FROM users WHERE id = $2")
                for share in shares:
                    ground.ramp(share)
                    ground.moved(client, NEW if share else OLD)
                    who = client.rows("SELECT session_user, current_user, current_setting('statement_timeout')")
                    require(who == [(role, role, "77s")], f"{who}")
                    require(client.run_prepared("mine", "5", "9")[0][0] is not None, "its statement is lost")
    ground.ramp(0)


def _reads(ground):
    """Reads alone go to the other version too, on a second backend that proves the password likewise"""
    ground.allow()
    for role in _MOVERS:
        with ground.of(role) as client:
            require(client.value("SELECT current_schema()") == OLD, f"{role}: before")
            ground.segue.must("ramp", "--reads", "100")
            wait_until(lambda client=client: client.value("SELECT current_schema()") == NEW, f"{role}: a read on the other version")
            require(OLD in client.value("SHOW search_path"), f"{role}: the session itself has moved")
            ground.segue.must("ramp", "--reads", "0")


def _encrypted(ground):
    """They move with TLS on either side, to a server that offers to bind the password to the channel, the client having bound its own or not"""
    ground.allow()
    authority = ground.server.authority
    authority.sign("front", "DNS:localhost", 30)
    url = ground.server.tcp_url(ground.database, f"sslmode=verify-full&sslrootcert={authority.certificate()}")
    ways = {None: ("sslmode=disable",), "server": ("channel_binding=require", "sslmode=disable"), "front": ("channel_binding=disable",)}
    for certificate, clients in ways.items():
        files = ("--tls-cert", authority.certificate(certificate), "--tls-key", authority.key(certificate)) if certificate else ()
        ground.ramp(0)
        with Gateway(ground.context.options.segue, ground.server, *files, url=url) as gateway, contextlib.ExitStack() as stack:
            sessions = [stack.enter_context(gateway.connect(ground.database, role, f"password='{PASSWORD}' {more}"))
                        for role in ("keyed", "hashed") for more in clients if role == "keyed" or "require" not in more]
            for share in (100, 0):
                ground.ramp(share)
                for session in sessions:
                    ground.moved(session, NEW if share else OLD)
                    require(session.value("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == "t", "the new backend is not encrypted")


def _cleartext(ground):
    """A password that went in the clear is not kept: such a session stays; neither does one of a superuser move, as documented"""
    ground.allow()
    with ground.of("by_word") as client:
        ground.stay("by_word", _ASKED, [client])
    ground.ramp(0)
    with ground.of("chief", _SECRETS["by_scram"]) as client:
        ground.stay("chief", _ASKED, [client])
    ground.ramp(0)


def _many(ground):
    """Forty sessions of two roles move together; the server is asked for each verifier a few times, not once a session"""
    ground.run(ground.database, "CREATE SEQUENCE asked")
    ground.allow("CASE WHEN nextval('public.asked') > 0 THEN rolpassword END", "VOLATILE")
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(ground.of(role)) for role in _MOVERS for _ in range(20)]
        ground.ramp(100)
        for client in clients:
            ground.moved(client, NEW)
    asked = int(ground.value(ground.database, "SELECT last_value FROM asked"))
    require(2 <= asked <= 8, f"asked {asked} times")
    ground.ramp(0)


def _changed(ground):
    """A password that is changed meanwhile keeps its sessions where they are, moved before or not, unharmed; who has the new one moves"""
    ground.allow()
    for role in _MOVERS:
        ground.ramp(0)
        with ground.of(role) as moved, contextlib.ExitStack() as stack:
            ground.ramp(100)
            ground.moved(moved, NEW)
            ground.ramp(0)
            ground.moved(moved, OLD)
            unmoved = stack.enter_context(ground.of(role))
            ground.new_password(role, "another")
            try:
                with ground.of(role, "another") as fresh:
                    ground.stay(role, _STALE, [moved, unmoved])
                    ground.moved(fresh, NEW)
            finally:
                ground.new_password(role, _SECRETS[role])
    with open(ground.server.log_path, errors="replace") as log:
        failed = re.findall(r'authentication failed for user "(\w+)"', log.read())
    require(failed.count("by_md5") <= 1 and not failed.count("by_scram"), f"{failed}: what cannot be right was tried")
    ground.ramp(0)


def _wrong(ground):
    """A function that gives the verifier of somebody else, nonsense, or an error: sessions stay, and the gateway works on"""
    other = ground.value(ground.database, "SELECT rolpassword FROM pg_authid WHERE rolname = 'chief'")
    for words, why in ((f"'{other}'", _STALE), ("CASE rolname WHEN 'by_md5' THEN 'md5' ELSE 'SCRAM-SHA-256$4096:c2FsdA==$x:y' END", _STALE),
                       ("CASE rolname WHEN 'by_md5' THEN '' ELSE repeat('x', 5000) END", _ASKED),
                       ("(1 / (length(rolname) - length(rolname)))::text", _ASKED)):
        ground.allow(words)
        with contextlib.ExitStack() as stack:
            ground.stay(words, why, [stack.enter_context(ground.of(role)) for role in _MOVERS])
    ground.ramp(0)


def _first(message, mechanism=b"SCRAM-SHA-256\0"):
    """SASLInitialResponse."""
    return fe.message("p", mechanism + struct.pack("!i", len(message)) + message)


_NO_ANSWERS = {
    "by_scram": [[fe.message("p")], [fe.message("p", b"\0" * 50)], [_first(b"")], [_first(b"n,,")], [_first(b"n,,n=,r=abc", b"SCRAM-SHA-256")],
                 [_first(b"n,,n=,r=" + b"r" * 3000), fe.message("p", b"c=biws,r=abc,p=!")], [_first(b"n,,n=,r=abc"), _first(b"n,,n=,r=abc")],
                 [_first(b"n,,n=,r=abc"), fe.message("p", b",p=")], [_first(b"n,,n=,r=abc"), fe.message("p", b"c=biws,r=abc,p=" + b"A" * 43 + b"=")],
                 [fe.message("p", b"x" * 1_000_000)], [fe.message("p", b"x" * 60_000), fe.query("SELECT 1")]],
    "by_md5": [[fe.message("p")], [fe.message("p", b"md5")], [fe.message("p", b"md5" + b"0" * 32 + b"\0")], [fe.message("p", b"x" * 60_000)],
               [_first(b"n,,n=,r=abc")]],
}


def _mangled(ground):
    """Answers that are mangled, early or far too long let nobody in and harm nobody; an honest one that comes byte by byte moves"""
    ground.allow()
    with fe.Frontend(ground.gateway.address) as honest:
        _prove_byte_by_byte(ground, honest)
        for role, cases in _NO_ANSWERS.items():
            for parts in cases:
                for early in (False, True):
                    with fe.Frontend(ground.gateway.address) as client, contextlib.suppress(BrokenPipeError, ConnectionResetError):
                        client.send(fe.startup(role, ground.database), *(parts if early else ()))
                        asked = client.read()
                        require(asked is None or asked[0] in "RE", f"{asked}")
                        for part in () if early else parts:
                            client.send(part)
                        with contextlib.suppress(OSError):  # who has hung up already
                            client.socket.shutdown(socket.SHUT_WR)
                        require(not any(message == ("R", b"\0\0\0\0") for message in fe.messages_of(client.rest())), f"{parts}: let in")
        ground.gateway.require_runs()
        ground.ramp(100)
        wait_until(lambda: any(kind == "D" and NEW.encode() in body for kind, body in honest.ask("SHOW search_path")), "the honest session moves")
    ground.ramp(0)


def _prove_byte_by_byte(ground, client):
    """RFC 5802, section 3, each byte sent by itself."""
    def send(message):
        for at in range(len(message)):
            client.send(message[at:at + 1])
    client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    send(fe.startup("by_scram", ground.database))
    client.read()
    send(_first(b"n,,n=*,r=abcdefgh"))
    challenge = client.read()[1][4:]
    nonce, salt, iterations = (part[2:] for part in challenge.split(b","))
    salted = hashlib.pbkdf2_hmac("sha256", _SECRETS["by_scram"].encode(), base64.b64decode(salt), int(iterations))
    key = hmac.digest(salted, b"Client Key", "sha256")
    final = b"c=biws,r=" + nonce
    signature = hmac.digest(hashlib.sha256(key).digest(), b"n=*,r=abcdefgh," + challenge + b"," + final, "sha256")
    send(fe.message("p", final + b",p=" + base64.b64encode(bytes(one ^ other for one, other in zip(key, signature)))))
    require(client.until("Z")[-1][0] == "Z", "the honest client is not let in")


def _secrets(ground):
    """No secret is in the log, the server's log, the state or the command line; the key of a session is in memory as long as it lasts, and no longer"""
    ground.allow()
    with ground.of("by_scram") as client:
        ground.ramp(100)
        ground.moved(client, NEW)
        verifier = ground.value(ground.database, "SELECT rolpassword FROM pg_authid WHERE rolname = 'by_scram'")
        hashed = ground.value(ground.database, "SELECT rolpassword FROM pg_authid WHERE rolname = 'by_md5'")
        key = _client_key(verifier, _SECRETS["by_scram"])
        require(ground.in_memory(key), "the key is not found where it must be: this looks in the wrong place")
    wait_until(lambda: not ground.in_memory(key), "the key is gone with its session")
    stored, server = verifier.split("$")[2].split(":")
    needles = [*_SECRETS.values(), stored, server, hashed, hashed[3:], base64.b64encode(key).decode(), key.hex()]
    with open(ground.server.log_path, errors="replace") as log, open(f"/proc/{ground.gateway.pid}/cmdline") as line:
        places = {"the gateway's log": ground.gateway.said(), "the server's log": log.read(), "the command line": line.read()}
    for table in ground.value(ground.database, "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'segue'").split():
        places[table] = ground.value(ground.database, f"SELECT string_agg(t::text, ' ') FROM segue.{table} t") or ""
    require("127.0.0.1" in places["gateways"] and "by_scram" in places["the gateway's log"], "this looks in the wrong place")
    for place, text in places.items():
        require(not any(needle in text for needle in needles), f"a secret is in {place}")


def _client_key(verifier, password):
    """RFC 5802, section 3."""
    iterations, salt = verifier.split("$")[1].split(":")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    return hmac.digest(salted, b"Client Key", "sha256")


def _unnoticed(ground):
    """pgbench in three modes, as roles with passwords, notices neither that its sessions go back and forth nor the migration's completion"""
    ground.allow()
    script = ground.file("traffic", _TRAFFIC)
    program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
    runs = [subprocess.Popen([program, "-n", "-f", script, "-M", mode, "-c", "3", "-T", "14", "-R", "150"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             env=dict(ground.gateway.environment(ground.database, role), PGPASSWORD=_SECRETS[role]), text=True)
            for role in _MOVERS for mode in ("simple", "extended", "prepared")]
    said = []
    reader = threading.Thread(target=lambda: said.extend(run.communicate()[0] for run in runs))
    reader.start()
    peak = 0
    for share in (5, 50, 100, 20, 100):
        peak = max(peak, ground.on(share)["versions"].get(NEW, 0))
    ground.segue.must("complete", "--force")
    reader.join()
    require(peak == 18, f"of 18 sessions {peak} moved")
    done = 0
    for run, text in zip(runs, said):
        require(run.returncode == 0 and "number of failed transactions: 0 " in text, text[-2000:])
        done += int(re.search(r"actually processed: (\d+)", text)[1])
    visits = int(ground.value(ground.database, "SELECT sum(visits) FROM users"))
    require(visits == done, f"{done} transactions, {visits} of them are there")


# The last one ends the migration.
_PROMISES = (_without, _moves, _reads, _encrypted, _cleartext, _many, _changed, _wrong, _mangled, _secrets, _unnoticed)
