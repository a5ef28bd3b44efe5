"""Where a worker's courses run: a server to be mistreated, on a disk that can be full, and a quiet one for what is compared with."""

import contextlib
import ctypes
import os
import subprocess

from lib import server as servers, stage as stages
from lib.program import Program

_DISK_MB = 384
_SLOTS = 40
# What the server has acknowledged must be there after a crash of the server; of the machine is not at issue.
_SETTINGS = {"synchronous_commit": "on", "max_connections": str(_SLOTS), "shared_buffers": "64MB", "max_wal_size": "64MB",
             "wal_level": "replica", "max_wal_senders": "4", "autovacuum_naptime": "5s"}


_CLONE_NEWNS = 0x00020000


def own_mounts():
    """What this process mounts from now on ends with it, however it ends. For a process without threads."""
    if ctypes.CDLL(None).unshare(_CLONE_NEWNS) == 0:
        subprocess.run(["mount", "--make-rprivate", "/"], stderr=subprocess.DEVNULL, check=False)


class Disk:
    """A disk of its own for a server's data, if this machine lets us mount one."""

    def __init__(self, folder, user):
        self.folder = folder
        os.makedirs(folder)
        self.is_own = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK_MB}m,mode=0700", "segue-faults", folder],
                                     stderr=subprocess.DEVNULL, check=False).returncode == 0
        self._ballast = os.path.join(folder, "ballast")
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)

    def fill(self, leave=0):
        """Nothing more fits, but `leave` bytes."""
        room = os.statvfs(self.folder)
        with open(self._ballast, "wb") as file:
            with contextlib.suppress(OSError):
                os.posix_fallocate(file.fileno(), 0, max(room.f_bavail * room.f_frsize - leave, 1))
            if not leave:
                with contextlib.suppress(OSError):
                    while True:
                        os.write(file.fileno(), b"x" * 4096)

    def free(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._ballast)

    def close(self):
        if self.is_own:
            self.is_own = False
            subprocess.run(["umount", "-l", self.folder], check=False)


class MistreatedServer(servers.Server):
    """One with a disk of its own."""

    disk = None

    def _initialise(self):
        self.disk = Disk(os.path.join(self.folder, "data"), self.user)
        self.command([os.path.join(self.bin_dir, "initdb"), "-D", self.disk.folder, "-U", servers.SUPERUSER, "-A", "trust",
                       "-N", "-E", "UTF8", "--locale=C", "--wal-segsize=1"])

    def stop(self):
        if self._process and self._process.poll() is not None:
            self._process = None
        if self.disk:
            self.disk.free()
        super().stop()
        if self.disk:
            self.disk.close()
            super().stop()


class _Both:
    """The quiet server, and of the mistreated one the database that is judged, under one name."""

    def __init__(self, ground):
        self._ground = ground

    def __getattr__(self, name):
        return getattr(self._ground.quiet, name)

    def _of(self, database):
        return self._ground.server if database == self._ground.database else self._ground.quiet

    def connect(self, database, *arguments):
        return self._of(database).connect(database, *arguments)

    def conninfo(self, database, *arguments):
        return self._of(database).conninfo(database, *arguments)

    def url(self, database, *arguments):
        return self._of(database).url(database, *arguments)


class Ground:
    """Of one worker."""

    def __init__(self, bin_dir, segue):
        self.server = self.quiet = None
        self.program = Program(segue)
        self.database = None  # the one that is mistreated
        self._stages, self._templates = {}, {}
        own_mounts()
        try:
            self.server = MistreatedServer(bin_dir, dict(_SETTINGS))
            self.quiet = servers.Server(bin_dir, {"max_connections": "40", "shared_buffers": "64MB"})
        except BaseException:
            self.close()
            raise
        self.both = _Both(self)

    def close(self):
        for server in (self.server, self.quiet):
            if server:
                server.stop()

    def stage(self, scenario):
        """The scenario on the quiet server."""
        if scenario.name not in self._stages:
            self._stages[scenario.name] = stages.Stage(self.both, scenario, self.program)
        return self._stages[scenario.name]

    def fresh(self, scenario):
        """A new database with the scenario's rows on the mistreated server."""
        if scenario.name not in self._templates:
            stage = stages.Stage(self.server, scenario, self.program)
            try:
                self._templates[scenario.name] = stage.installed()
            finally:
                self.server.drop(stage.filled())
        name = self.server.create(scenario.name, template=self._templates[scenario.name])
        # The quiet server's databases are never called so.
        self.database = f"{name}_mistreated"
        with self.server.connect("postgres") as connection:
            connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{self.database}"')
        return self.database

    def drop(self):
        self.server.drop(self.database)
        self.database = None

    def slots(self):
        """Takes every connection that the server has; to be closed."""
        taken = []
        try:
            while len(taken) <= _SLOTS:
                taken.append(self.server.connect("postgres"))
        except servers.pq.DatabaseError:
            pass
        return taken
