"""A database whose one migration is live, for promises about sessions of both versions."""

import os


class TwoVersions:
    """The versions are public_base and public_NAME; each connection is a session of its own."""

    def __init__(self, context, server, name, schema, migration, settings=""):
        self.server = server
        self.database = server.create(name)
        self._new = f"public_{name}"
        self._settings = settings
        self.migration = os.path.join(server.folder, f"{name}.sql")
        with open(self.migration, "w") as file:
            file.write(migration)
        with self.base() as connection:
            connection.execute(schema)
        self.segue = context.segue.on(server, self.database)
        self.segue.must("init")

    def start(self):
        self.segue.must("start", self.migration)
        return self

    def base(self, user="postgres"):
        return self.server.connect(self.database, user)

    def old(self, user="postgres"):
        return self._on("public_base,public", user)

    def new(self, user="postgres", path=None):
        return self._on(path or f"{self._new},public", user)

    def _on(self, path, user):
        return self.server.connect(self.database, user, f"-csearch_path={path}{self._settings}")
