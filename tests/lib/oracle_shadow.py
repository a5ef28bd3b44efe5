"""Shadow writes: what was committed through a gateway is in a second database too, once, in that order; what is not is counted."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.request

from . import conversations, frontend, pq
from . import server as servers
from .gateway import Gateway
from .promises import promise_all
from .report import require
from .tls_server import free_port
from .traffic import wait_until

_SECONDS = 3
_PGBENCH = {"pgbench_accounts": "*", "pgbench_branches": "*", "pgbench_tellers": "*", "pgbench_history": "tid, bid, aid, delta"}


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    ground = _Ground(context, base)
    try:
        promise_all(context, base, context.further(base, _PROMISES, 3), ground)
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

    def __exit__(self, *_):
        if self.gateway:
            self.gateway.stop()

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

    def bench(self, *arguments, environment=None):
        with self.benching(*arguments) as process:
            said = process.communicate()[0].decode(errors="replace")
        require(process.returncode == 0 and "failed transactions: 0" in said, f"pgbench {arguments}\n{said[-3000:]}")
        return int(re.search(r"processed: (\d+)", said).group(1))

    def benching(self, *arguments):
        program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
        return subprocess.Popen([program, "-n", *arguments], env=self.gateway.environment(self.source), stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

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
        done = sum(pair.bench("-c", "8", "-T", str(_SECONDS), "-M", mode) for mode in ("simple", "extended", "prepared"))
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


def _order(ground):
    """Transactions that undo each other's order, by sixteen clients on six rows: the target comes to the same"""
    with ground.pair("exchange", *_ROWS) as pair:
        pair.begin()
        path = pair.script(_EXCHANGE)
        for mode in ("simple", "prepared"):
            pair.bench("-c", "16", "-T", str(_SECONDS), "-M", mode, "-f", path)
        pair.drained()
        pair.clean()
        pair.equal(t="*")


def _conversations(ground):
    """Whatever clients say, in whatever pieces: what comes of it is the same, or counted"""
    with ground.pair("talk", conversations.SCHEMA) as pair:
        pair.begin("--log-level", "warning")
        for name, spoken in conversations.CONVERSATIONS.items():
            before = pair.dropped()
            with frontend.Client(pair.gateway.address, pair.source) as client:
                client.talk(spoken)
            pair.drained()
            with contextlib.suppress(AssertionError):
                pair.equal(talk="*", inbox="*")
                continue
            require(pair.dropped() > before, f"{name}: differs, and nothing was counted")


_PROMISES = [_bench, _order]
