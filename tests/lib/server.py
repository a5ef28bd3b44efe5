"""Throwaway PostgreSQL servers: a temporary folder, a unix socket in it, no TCP port.

Whatever happens to the test run, its servers end: by the process id they were started with, and
by the kernel's signal when the test run itself is killed. initdb refuses root, so root drops to
an unprivileged user.
"""

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from . import pq

DEBIAN_BIN = "/usr/lib/postgresql/15/bin"
SUPERUSER = "postgres"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_MEMORY_FOLDER = "/dev/shm"
_MEMORY_BYTES = 8 << 30
PORT = 5432  # names the socket file only; each server has a folder of its own

_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "30min",
    "autovacuum_naptime": "20s",
    "log_min_messages": "warning",
    "log_statement": "none",
    "timezone": "UTC",
    "max_prepared_transactions": "4",
}

# What capture by logical decoding needs, for as many migrations at once as tests run.
LOGICAL = {"wal_level": "logical", "max_replication_slots": "50", "max_wal_senders": "50"}

# Roles that schemas of scenarios give tables and privileges to. Roles belong to the
# whole server, so they are made once.
_ROLES = """
CREATE ROLE app_owner;
CREATE ROLE app_reader LOGIN;
CREATE ROLE app_writer LOGIN;
CREATE ROLE "Mixed Role";
CREATE ROLE app_login LOGIN;
"""


def _fast_folder():
    """Memory, where there is plenty of it: making databases is most of what the tests wait for. Else the usual place."""
    if "TMPDIR" in os.environ or not os.path.isdir(_MEMORY_FOLDER):
        return None
    room = os.statvfs(_MEMORY_FOLDER)
    with open("/proc/meminfo") as file:
        available = next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable"))
    return _MEMORY_FOLDER if min(room.f_bavail * room.f_frsize, available) > _MEMORY_BYTES else None


def _unprivileged_user():
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("running as root, and there is no user postgres or nobody to drop to")


class Server:
    """One running server. `stop` is also called at exit."""

    def __init__(self, bin_dir, extra_settings=None, port=PORT):
        self.bin_dir = bin_dir
        self.port = port
        self.folder = tempfile.mkdtemp(prefix="segue-test-", dir=_fast_folder())
        self.user = _unprivileged_user() if os.geteuid() == 0 else None
        self.log_path = os.path.join(self.folder, "server.log")
        self._names = 0
        self._name_lock = threading.Lock()
        self._process = None
        atexit.register(self.stop)
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        os.chmod(self.folder, 0o755)
        try:
            self._initialise()
            self._settings = dict(_SETTINGS, **(extra_settings or {}))
            self.launch()
            self._look()
        except BaseException:
            self.stop()
            raise

    def conninfo(self, database, user=SUPERUSER, options=None):
        """A key=value connection string."""
        text = f"host={self.folder} port={self.port} dbname={database} user={user}"
        return text + (f" options='{options}'" if options else "")

    def url(self, database, user=SUPERUSER, password=None):
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@/{database}?host={self.folder}&port={self.port}"

    def connect(self, database, user=SUPERUSER, options=None):
        return pq.Connection(self.conninfo(database, user, options))

    def create(self, label, template="template0"):
        """A new database copied from template; returns its name."""
        with self._name_lock:
            self._names += 1
            name = f"{label[:40].lower()}_{self._names}"
        strategy = " STRATEGY wal_log" if self.version >= 150000 else ""
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {pq.quote_identifier(name)} TEMPLATE "
                               f"{pq.quote_identifier(template)}{strategy}")
        return name

    def drop(self, name):
        with self.connect("postgres") as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {pq.quote_identifier(name)} WITH (FORCE)")

    def stop(self):
        process, self._process = self._process, None
        if process:
            self._end(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, process):
        try:
            with open(os.path.join(self.folder, "data", "postmaster.pid")) as file:
                os.kill(int(file.readline()), signal.SIGINT)
        except (OSError, ValueError):
            pass
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _initialise(self):
        self.command([os.path.join(self.bin_dir, "initdb"), "-D", os.path.join(self.folder, "data"),
                       "-U", SUPERUSER, "-A", "trust", "-N", "-E", "UTF8", "--locale=C"])
        hba = os.path.join(self.folder, "data", "pg_hba.conf")
        with open(hba) as file:
            rest = file.read()
        with open(hba, "w") as file:
            file.write("local all with_password scram-sha-256\n" + rest)

    def launch(self):
        """Starts the server in its folder and waits until it answers."""
        command = [os.path.join(self.bin_dir, "postgres"), "-D", os.path.join(self.folder, "data"),
                   "-p", str(self.port), "-k", self.folder]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        with open(self.log_path, "ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log,
                                             stdin=subprocess.DEVNULL, start_new_session=True,
                                             preexec_fn=self.as_its_user(end_with_parent=True))
        self._wait_ready()

    def crash(self):
        """Ends it as an immediate shutdown does: no session is told good-bye, nothing is written out. Then launch."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def runs(self):
        return self._process.poll() is None

    def _look(self):
        with self.connect("postgres") as connection:
            self.version = connection.version
            connection.execute(_ROLES)
        self.major = self.version // 10000

    def _wait_ready(self):
        deadline = time.monotonic() + 60
        while True:
            try:
                self.connect("postgres").close()
                return
            except pq.DatabaseError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    with open(self.log_path, errors="replace") as log:
                        raise RuntimeError(f"no server: {error}\n{log.read()}") from error
                time.sleep(0.02)

    def command(self, command):
        """Runs a program of PostgreSQL as the server's user."""
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                stdin=subprocess.DEVNULL, preexec_fn=self.as_its_user(),
                                check=False)
        if result.returncode != 0:
            raise RuntimeError(f"{command[0]} failed:\n{result.stdout.decode(errors='replace')}")

    def as_its_user(self, end_with_parent=False):
        """What the child does before it becomes the program."""
        user = self.user

        def prepare():
            if user:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            if end_with_parent:  # after setuid, which would clear it
                _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        return prepare
