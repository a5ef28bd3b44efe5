"""`segue gateway` as a process of its own before a server."""

import os
import re
import signal
import subprocess
import tempfile

from .pq import Connection
from .report import require
from .server import SUPERUSER
from .traffic import wait_until

_BEGIN_SECONDS = 30
_END_SECONDS = 20
SOCKET_PORT = 6432  # names the file of its unix socket


class Gateway:
    """Listens on a port that the system chooses and on a socket in the server's folder. Ends with the with block."""

    def __init__(self, path, server, *arguments, database="postgres", environment=None, prefix=(), url=None):
        self.server = server
        self.folder = tempfile.mkdtemp(prefix="gateway-", dir=server.folder)
        self._words = tempfile.TemporaryFile()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEGUE_", "PG"))}
        kept.update(environment or {}, SEGUE_URL=url or server.url(database), NO_COLOR="1")
        self.process = subprocess.Popen([*prefix, path, "gateway", "--listen", "127.0.0.1:0", "--listen", f"{self.folder}:{SOCKET_PORT}",
                                         *arguments], stdout=self._words, stderr=self._words, stdin=subprocess.DEVNULL, env=kept)
        self.pid = self.process.pid
        self.port = None
        try:
            wait_until(self._listens, "the gateway listens", _BEGIN_SECONDS)
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _listens(self):
        said = self.said()
        require(self.process.poll() is None, f"segue gateway ended by itself, exit {self.process.returncode}\n{said}")
        found = re.search(r"^listening on 127\.0\.0\.1:(\d+)$", said, re.M)
        if found and f"{self.folder}/.s.PGSQL.{SOCKET_PORT}" in said:
            self.port = int(found.group(1))
        return self.port is not None

    def said(self):
        # Without moving the offset, which is the program's as well.
        return os.pread(self._words.fileno(), 1 << 20, 0).decode(errors="replace")

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    @property
    def socket(self):
        return os.path.join(self.folder, f".s.PGSQL.{SOCKET_PORT}")

    def conninfo(self, database, user=SUPERUSER, more=""):
        return f"host=127.0.0.1 port={self.port} dbname={database} user={user} {more}"

    def connect(self, database, user=SUPERUSER, more=""):
        return Connection(self.conninfo(database, user, more))

    def environment(self, database, user=SUPERUSER):
        """For a program that is to speak with it."""
        return dict(os.environ, PGHOST="127.0.0.1", PGPORT=str(self.port), PGDATABASE=database, PGUSER=user)

    def memory_kb(self):
        """What of it is in memory now."""
        with open(f"/proc/{self.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1))

    def runs(self):
        return self.process.poll() is None

    def state(self):
        """Whether it runs, and what it said last."""
        runs = "the gateway runs" if self.runs() else f"the gateway has ended, exit {self.process.returncode}"
        return f"{runs}; it said last:\n{self.said()[-4000:]}"

    def require_runs(self):
        require(self.runs(), self.state())

    def stop(self):
        """The exit status of an orderly end; None when it had to be killed."""
        if self.runs():
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None
