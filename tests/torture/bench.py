"""Where cases run: a server, a database with segue's state schema to copy, and the program."""

import os

from lib import pq
from lib.program import Program

OLD_PATH, NEW_PATH = "public_base, public", "public_torture, public"
OWN_SCHEMAS = ("segue", "public_base", "public_torture")


class Bench:
    """One for each worker process; the server is everyone's."""

    def __init__(self, server, segue, worker, keep=False):
        self.server, self.program, self.worker, self.keep = server, Program(segue), worker, keep
        self._admin = None
        self._made = 0
        self.folder = os.path.join(server.folder, f"worker-{worker}")
        os.makedirs(self.folder, exist_ok=True)
        os.chmod(self.folder, 0o755)

    def prepare(self):
        """The database that all others are copied from."""
        name = self.server.create("torture_base")
        self.program.on(self.server, name).must("init")
        return name

    def admin(self):
        if not self._admin:
            self._admin = self.server.connect("postgres")
        return self._admin

    def create(self, template):
        """A database for one case."""
        self._made += 1
        name = f"torture_{self.worker}_{self._made}"
        strategy = " STRATEGY wal_log" if self.server.version >= 150000 else ""
        self.admin().execute(f"CREATE DATABASE {name} TEMPLATE {template}{strategy}")
        return name

    def drop(self, name):
        if not self.keep:
            self.admin().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def connect(self, database, path=None):
        connection = self.server.connect(database)
        if path:
            connection.execute(f"SET search_path = {path}")
        return connection

    def place(self, sql):
        """The migration as a file; its stem names the version."""
        path = os.path.join(self.folder, "torture.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(sql)
        return path


def text_of(error):
    """The first line of what went wrong."""
    return str(error).strip().split("\n")[0]


DatabaseError = pq.DatabaseError
