"""Rules by which a gateway puts sessions on versions, and its file of settings: read strictly, read anew, and what takes a restart."""

import os
import re
import signal
import subprocess
import tempfile
import time

from .gateway import Gateway
from .oracle_gateway_tls import ssl_certificate
from .oracle_ramp import MIGRATION, NEW, OLD, SCHEMA
from .pq import Connection, DatabaseError
from .promises import Ground, promise_all
from .report import require
from .tls_server import TlsServer, free_port
from .traffic import wait_until


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = TlsServer(base.bin_dir)
    try:
        promise_all(context, server, context.further(base, _PROMISES, 3), _Ground(context, server))
    finally:
        server.stop()


class _Ground(Ground):
    """A database with both versions live."""

    def __init__(self, context, server):
        super().__init__(context, server)
        self.database, self.segue = self.made("ruled", SCHEMA, "CREATE ROLE batch LOGIN", "CREATE ROLE batch_two LOGIN",
                                              "GRANT ALL ON ALL TABLES IN SCHEMA public TO batch, batch_two",
                                              "CREATE ROLE fat LOGIN PASSWORD 'sesame'")
        self.segue.must("start", self.file("0001_names", MIGRATION))
        self._files = tempfile.mkdtemp(dir=server.folder)

    def settings(self, text, mode=0o600):
        """A file of its own."""
        descriptor, path = tempfile.mkstemp(suffix=".toml", dir=self._files)
        os.close(descriptor)
        write(path, text)
        os.chmod(path, mode)
        return path

    def gateway(self, path, *arguments, **options):
        return Gateway(self.context.options.segue, self.server, "--config", path, *arguments, database=self.database, **options)

    def refused(self, path, *arguments):
        """What a gateway says that does not begin."""
        result = self.segue.run("gateway", "--config", path, *arguments, timeout=20)
        require(result.code == 2, f"{result}")
        require("listening" not in result.out, "it listened before it knew its settings")
        return result.err


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def version(client):
    path = client.value("SHOW search_path")
    return next((name for name in (NEW, OLD) if name in path), path)


def _reread(gateway, path, text, event="event=reload"):
    write(path, text)
    before = gateway.said().count(event)
    os.kill(gateway.pid, signal.SIGHUP)
    wait_until(lambda: gateway.said().count(event) > before, f"{event} after SIGHUP")


# Each: the file, the line that is at fault, and what is said of it.
_BAD = [
    ("max-clientz = 5", 1, "did you mean max-clients?"),
    ("\n[gateway]\nmax-clients = 5", 3, "no table [gateway]"),
    ("max-clients = 5\nmax-clients = 6", 2, "set before"),
    ("max-clients = \"5\"", 1, "whole number, not a string"),
    ("max-clients = 0", 1, "from 1 to 1000000"),
    ("max-clients = 5000000000", 1, "from 1 to 1000000"),
    ("max-clients = 5.5", 1, "whole number, not a fraction"),
    ("breaker-errors = -0.5", 1, "from 0 to 100"),
    ("breaker-errors = \"few\"", 1, "a number, not a string"),
    ("sticky = \"yes\"", 1, "true or false, not a string"),
    ("listen = [1]", 1, "a string or a list of strings"),
    ("drain = \"soon\"", 1, "a duration such as"),
    ("breaker-lag = \"64 parsecs\"", 1, "a duration such as"),
    ("drain = true", 1, "a duration such as"),
    ("idle-timeout = -1", 1, "a duration such as"),
    ("log-level = \"loud\"", 1, "error warning info debug"),
    ("config = \"another\"", 1, "no setting config"),
    ("help = true", 1, "no setting help"),
    ("url = \"postgresql://postgres:secret@localhost", 1, "does not end on its line"),
    ("url = 5", 1, "a string, not a number"),
    ("[rule]\nversion = \"new\"", 2, "write [[rule]]"),
    ("[[rules]]\nversion = \"new\"", 2, "no table [rules]"),
    ("[[rule]]\nuser = \"a\"\n[[rule]]\nversion = \"new\"", 1, "does not say where"),
    ("[[rule]]\nversion = \"new\"\nhost = \"a\"", 3, "a rule has no setting host"),
    ("[[rule]]\nversion = \"new\"\nuser = [\"a\", 1]", 3, "a string or a list of strings"),
    ("[[rule]]\nversion = \"new\"\nuser = []", 3, "with something in it"),
    ("[[rule]]\nversion = 5", 2, "a string, not a number"),
    ("[[rule]]\nversion = \"new\"\naddress = \"10.0.0\"", 3, "\"10.0.0\" is no address"),
    ("[[rule]]\nversion = \"new\"\naddress = \"10.0.0.0/33\"", 3, "is no address"),
    ("[[rule]]\nversion = \"new\"\naddress = \"10.0.0.0/\"", 3, "is no address"),
    ("[[rule]]\nversion = \"new\"\naddress = \"fd00::/129\"", 3, "is no address"),
    ("[[rule]]\nshare = 100.5", 2, "from 0 to 100"),
    ("[[rule]]\nshare = 5\nversion = \"current\"", 1, "on the current version already"),
    ("[[rule]]\nsticky = 1", 2, "true or false"),
]


def _strict(ground):
    """A file with an unknown key, a wrong type or a value that cannot be is refused with file, line and what to do, before anything listens"""
    for text, line, words in _BAD:
        path = ground.settings(text + "\n")
        said = ground.refused(path, "--listen", "127.0.0.1:0")
        joined = " ".join(said.split())
        require(f"{path}:{line}" in joined and words in joined, f"{text!r}: {said}")
        require("secret" not in said, f"the password is told: {said}")
    require("cannot read" in ground.refused("/nowhere/gateway.toml"), "a file that is not there")
    require("needs --listen" in ground.refused(ground.settings("")), "a file that says nothing")


def _private(ground):
    """A file with a password in its url is refused where others may read it, and taken where they may not; without one it is anybody's"""
    port, listen = free_port(), "127.0.0.1:0"
    nowhere = "url = \"postgresql://fat@localhost:{}/x\""
    mirrored = nowhere + "\nshadow-queue = \"/proc/none\"\nshadow = "
    for secret, good in (("url = \"postgresql://fat:sesame@localhost:{}/x\"", False), ("url = \"host=localhost port={} password=sesame\"", False),
                         (nowhere, True), (mirrored + "\"postgresql://fat:sesame@localhost:1/x\"", False),
                         (mirrored + "\"host=localhost port=1 password=sesame\"", False), (mirrored + "\"postgresql://fat@localhost:1/x\"", True)):
        path = ground.settings(f"listen = \"{listen}\"\n" + secret.format(port) + "\n", 0o644)
        for mode, refused in ((0o644, not good), (0o600, False)):
            os.chmod(path, mode)
            said = _run_without_url(ground, path)
            require(("others may read the file" in said) == refused, f"{secret}, {mode:o}: {said}")
            require("sesame" not in said, f"the password is told: {said}")


def _run_without_url(ground, path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEGUE_", "PG"))}
    done = subprocess.run([ground.context.options.segue, "gateway", "--config", path], env=kept, stdin=subprocess.DEVNULL, timeout=20,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    require(done.returncode in (2, 3), f"nothing is at that port: {done}")
    return " ".join(done.stdout.decode(errors="replace").split())


def _enough(ground):
    """The file alone is enough, with every setting in it; what the command line says wins"""
    port, metrics, folder = free_port(), free_port(), tempfile.mkdtemp(dir=ground.server.folder)
    path = ground.settings(f"""
listen = ["127.0.0.1:{port}", '{folder}:6432']
url = "{ground.server.url(ground.database)}"
schema = "public"
workers = 1
max-clients = 3
startup-timeout = 10
idle-timeout = "1h"
max-message = 2_000_000
drain = 0.5
sticky = false
json = false
breaker-errors = 100
breaker-p95 = 300.5
hand-over = "{folder}/over"
metrics = "127.0.0.1:{metrics}"
log-level = "debug"
tls-required = false
""")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEGUE_", "PG"))}
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen([ground.context.options.segue, "gateway", "--config", path, "--max-clients", "2"], env=kept, stdout=words,
                                   stderr=words, stdin=subprocess.DEVNULL)
        try:
            def said():
                return os.pread(words.fileno(), 1 << 20, 0).decode(errors="replace")
            wait_until(lambda: process.poll() is not None or said().count("listening on") == 2, "it listens at both places")
            where = f"dbname={ground.database} user=postgres"
            with Connection(f"host={folder} port=6432 {where}") as one, Connection(f"host=127.0.0.1 port={port} {where}"):
                require(one.value("SELECT 1") == "1", "an answer")
                try:
                    Connection(f"host={folder} port=6432 {where}")
                    require(False, "--max-clients 2 did not win")
                except DatabaseError as error:
                    require("too many clients" in str(error), f"{error}")
        finally:
            process.terminate()
            process.wait()


_RULES = """
[[rule]]
application = "canary*"
user = "batch*"
version = "current"

[[rule]]
application = "canary*"
version = "new"

[[rule]]
user = ["nobody", "batch_?wo"]
version = "{new}"

[[rule]]
address = "127.0.0.0/8"
application = "by address"
version = "0001_names"

[[rule]]
address = ["10.0.0.0/8", "local"]
application = "by socket"
version = "new"

[[rule]]
address = ["0.0.0.0/1", "::/0"]
application = "half of them"
share = 50
"""

# What a client is (user, application, over the socket), and where it belongs.
_WHO = [
    (("postgres", "canary", False), NEW),
    (("postgres", "canary 7", True), NEW),
    (("postgres", "Canary", False), OLD),
    (("batch", "canary", False), OLD),  # the first rule that fits
    (("batch", "psql", False), OLD),
    (("batch_two", "psql", False), NEW),
    (("postgres", "by address", False), NEW),
    (("postgres", "by address", True), OLD),
    (("postgres", "by socket", True), NEW),
    (("postgres", "by socket", False), OLD),
    (("postgres", "psql", False), OLD),
]


def _client(ground, gateway, who):
    user, application, by_socket = who
    where = f"host={gateway.folder} port=6432" if by_socket else f"host=127.0.0.1 port={gateway.port}"
    return Connection(f"{where} dbname={ground.database} user={user} application_name='{application}'")


def _at_start(ground):
    """A session is put on a version by user, database, application and address, the first rule that fits, before any share; SET application_name changes nothing"""
    ground.segue.must("ramp", "0")
    with ground.gateway(ground.settings(_RULES.format(new=NEW))) as gateway:
        for who, where in _WHO:
            with _client(ground, gateway, who) as client:
                require(version(client) == where, f"{who} is on {version(client)}")
                client.execute("SET application_name = 'canary'")
                require(version(client) == where, f"{who} after SET")
        found = []
        for _ in range(60):
            with _client(ground, gateway, ("postgres", "half of them", False)) as client:
                found.append(version(client))
        require(15 <= found.count(NEW) <= 45, f"{found.count(NEW)} of 60 with share = 50")
    path = ground.settings(f"[[rule]]\ndatabase = \"{ground.database}\"\nshare = 50\nsticky = true\n")
    with ground.gateway(path) as gateway:
        found = set()
        for _ in range(20):
            with _client(ground, gateway, ("postgres", "psql", False)) as client:
                found.add(version(client))
        require(len(found) == 1, "sticky sessions of one address are on both versions")
    with ground.gateway(ground.settings("[[rule]]\ndatabase = \"another\"\nversion = \"new\"\n")) as gateway:
        with _client(ground, gateway, ("postgres", "psql", False)) as client:
            require(version(client) == OLD, "a rule for another database counts")


def _moves(ground):
    """Rules that are read anew hold for open sessions: they move between transactions, with what they hold, and back"""
    ground.segue.must("ramp", "0")
    rule = "[[rule]]\napplication = \"mine\"\nversion = \"{}\"\n"
    path = ground.settings("")
    with ground.gateway(path) as gateway:
        with _client(ground, gateway, ("postgres", "mine", False)) as client, _client(ground, gateway, ("postgres", "other", False)) as other:
            client.execute("SET statement_timeout = '77s'")
            for where, text in ((NEW, rule.format("new")), (OLD, rule.format("current")), (NEW, rule.format(NEW)), (OLD, "")):
                _reread(gateway, path, text)
                wait_until(lambda where=where: version(client) == where, f"it moves to {where}")
                require(client.value("SHOW statement_timeout") == "77s", "its setting is lost")
                require(version(other) == OLD, "another session moved")


def _not_live(ground):
    """A rule whose version is not live leaves the ordinary choice, and is logged once"""
    ground.segue.must("ramp", "0")
    path = ground.settings("[[rule]]\nuser = \"postgres\"\nversion = \"0009_nothing\"\n")
    with ground.gateway(path) as gateway:
        for _ in range(5):
            with _client(ground, gateway, ("postgres", "psql", False)) as client:
                require(version(client) == OLD, "the ordinary choice")
        require(gateway.said().count("event=rule_without_version") == 1 and f"where={path}:1" in gateway.said(), gateway.said())


def _tripped(ground):
    """A version whose breaker has opened is not chosen by a rule either: its sessions go back"""
    ground.segue.must("ramp", "--force", "0")
    path = ground.settings("breaker-p95 = 100000\n[[rule]]\napplication = \"canary\"\nversion = \"new\"\n")
    with ground.gateway(path) as gateway:
        with _client(ground, gateway, ("postgres", "canary", False)) as client:
            require(version(client) == NEW, "its rule")

            def fails():
                try:
                    return client.rows("SELECT first_name FROM users LIMIT 1") is not None
                except DatabaseError:
                    time.sleep(0.02)
                    return False
            wait_until(fails, "the breaker takes it back", 20)
            require(version(client) == OLD, "it is back")
            with _client(ground, gateway, ("postgres", "canary", False)) as another:
                require(version(another) == OLD, "a new session of the rule")
    ground.segue.must("ramp", "--force", "0")


def _refusal(act):
    try:
        act()
    except DatabaseError as error:
        return str(error)
    return "nothing was refused"


def _limits(ground):
    """SIGHUP takes other limits, breaker, certificates and log level from the file and drops nobody; a bad file changes nothing, and is logged"""
    folder = tempfile.mkdtemp(dir=ground.server.folder)
    for name in ("first", "second"):
        ground.server.authority.sign(name, "DNS:localhost")
    text = "max-clients = {}\nmax-message = {}\nlog-level = \"{}\"\ntls-cert = \"{}\"\ntls-key = \"{}\"\n"

    def settings(clients, message, level, name):
        return text.format(clients, message, level, ground.server.authority.certificate(name), ground.server.authority.key(name))
    path = os.path.join(folder, "gateway.toml")
    write(path, settings(1, 100000, "info", "first"))
    with ground.gateway(path) as gateway:
        first = ssl_certificate(gateway.port)
        # A long message is ended by the gateway while its client still sends.
        with _client(ground, gateway, ("postgres", "a", False)) as client:
            require("too many clients" in _refusal(lambda: _client(ground, gateway, ("postgres", "b", False))), "max-clients = 1")
            _reread(gateway, path, settings(2, 200000, "debug", "second"))
            with _client(ground, gateway, ("postgres", "b", False)) as second:
                require(second.value(f"SELECT length('{'y' * 150000}')") == "150000", "the longer message")
            require(ssl_certificate(gateway.port) != first, "another certificate's path")
            wait_until(lambda: "event=gone" in gateway.said(), "debug is logged")
            for bad, words in (("max-clients = 0\n", "from 1 to"), ("[[rule]]\nuser = \"postgres\"\n", "where its sessions"),
                               (settings(7, 200000, "info", "absent"), "certificate")):
                _reread(gateway, path, bad, "event=reload_failed")
                require(words in gateway.said().rsplit("event=reload_failed", 1)[1], gateway.said()[-2000:])
                with _client(ground, gateway, ("postgres", "b", False)):
                    require("too many clients" in _refusal(lambda: _client(ground, gateway, ("postgres", "c", False))), "the limit of before")
            os.unlink(path)
            os.kill(gateway.pid, signal.SIGHUP)
            wait_until(lambda: "cannot read" in gateway.said(), "a file that is gone")
            require(client.value("SELECT 1") == "1", "the session through all of it")


def _restart(ground):
    """What cannot change while it runs is named, and the rest of the file is taken"""
    path = ground.settings("workers = 1\nmax-clients = 1\n")
    with ground.gateway(path) as gateway:
        _reread(gateway, path, f"workers = 2\nmax-clients = 2\nmetrics = \"127.0.0.1:{free_port()}\"\nschema = \"other\"\njson = true\n"
                "tls-cert = \"x\"\ntls-key = \"y\"\n")
        found = re.search(r'event=restart_needed settings="([^"]*)"', gateway.said())
        require(found and set(found[1].split()) == {"workers", "metrics", "schema", "json", "tls-cert"}, gateway.said())
        with _client(ground, gateway, ("postgres", "a", False)), _client(ground, gateway, ("postgres", "b", False)):
            pass


def _reads(ground):
    """Single reads that are shared out leave sessions alone whose rule says where they are"""
    ground.segue.must("ramp", "0")
    path = ground.settings("[[rule]]\napplication = \"mine\"\nversion = \"current\"\n")
    shape = "SELECT row_to_json(u) FROM users u WHERE id = 3"
    with ground.gateway(path) as gateway:
        with _client(ground, gateway, ("postgres", "mine", False)) as ruled, _client(ground, gateway, ("postgres", "other", False)) as other:
            ground.segue.must("ramp", "--reads", "100")
            wait_until(lambda: "full_name" in other.value(shape), "reads of the other one go to the new version")
            for _ in range(50):
                require("full_name" in other.value(shape) and "first_name" in ruled.value(shape), "a read of a ruled session went elsewhere")
    ground.segue.must("ramp", "--reads", "0")


_PROMISES = [_strict, _private, _enough, _at_start, _moves, _not_live, _tripped, _reads, _limits, _restart]
