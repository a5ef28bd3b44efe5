"""A scenario: a schema with data, and a migration. See tests/README.md."""

import fnmatch
import os
import shlex

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Scenario:
    """One folder of tests/scenario/."""

    def __init__(self, folder):
        self.folder = folder
        self.name = os.path.basename(folder)
        self.schema_path = os.path.join(folder, "schema.sql")
        self.migration_path = os.path.join(folder, "migration.sql")
        self.drive_arguments = shlex.split(self._optional("drive.args"))
        self.mended_sql = self._optional("mended.sql")
        self.strategy = self._optional("strategy")
        self.oldest_server = int(self._optional("only") or "0")

    @property
    def migration_sql(self):
        return _read(self.migration_path)

    @property
    def new_version(self):
        """The schema of the new version: the file's stem behind the schema's name."""
        return "public_" + self.name

    @property
    def own_schemas(self):
        """Schemas that are segue's and no part of the application's."""
        return ("segue", "public_base", self.new_version)

    def runs_on(self, server):
        return server.major >= self.oldest_server

    def place_migration(self, folder):
        """Copies the migration under the scenario's name, which names the version."""
        path = os.path.join(folder, self.name + ".sql")
        with open(path, "w") as file:
            file.write(self.migration_sql)
        os.chmod(path, 0o644)
        if self.strategy:
            with open(path[:-len(".sql")] + ".strategy", "w") as file:
                file.write(self.strategy)
        return path

    def _optional(self, name):
        path = os.path.join(self.folder, name)
        return _read(path).strip() if os.path.exists(path) else ""


def load(pattern="*"):
    """Scenarios whose names match any of the patterns, which commas separate."""
    root = os.path.join(TESTS, "scenario")
    return [Scenario(os.path.join(root, name)) for name in sorted(os.listdir(root))
            if any(fnmatch.fnmatch(name, part) for part in pattern.split(","))]


def _read(path):
    with open(path) as file:
        return file.read()
