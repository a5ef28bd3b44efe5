"""A corpus: a real application's schema with rows, and its migrations one after another. See tests/README.md."""

import fnmatch
import os
import shlex

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Corpus:
    """One folder of tests/corpus/."""

    def __init__(self, folder, chosen):
        self.name = os.path.basename(folder)
        self.schema_path = os.path.join(folder, "schema.sql")
        files = sorted(name for name in os.listdir(folder) if name[:2].isdigit() and name.endswith(".sql"))
        self.migrations = [Migration(self, os.path.join(folder, name)) for name in files]
        for migration in self.migrations:
            migration.chosen = chosen(f"{self.name}/{migration.name}") or chosen(self.name)

    @property
    def own_schemas(self):
        """Schemas that are segue's and no part of the application's."""
        return ("segue", "public_base", *(migration.new_version for migration in self.migrations))


class Migration:
    """One file NN_name.sql, with what stands beside it: NN_name.args for `segue drive`, NN_name.only."""

    def __init__(self, corpus, path):
        self.corpus = corpus
        self.path = path
        self.name = os.path.basename(path)[:-len(".sql")]
        self.number = int(self.name[:2])
        self.migration_sql = _read(path)
        self.drive_arguments = shlex.split(self._beside(".args"), comments=True)
        self.oldest_server = int(self._beside(".only") or "0")
        self.chosen = True

    @property
    def new_version(self):
        return "public_" + self.name

    @property
    def own_schemas(self):
        return self.corpus.own_schemas

    def runs_on(self, server):
        return self.chosen and server.major >= self.oldest_server

    def _beside(self, ending):
        path = self.path[:-len(".sql")] + ending
        return _read(path).strip() if os.path.exists(path) else ""


def load(pattern="*"):
    """Corpora with migrations whose `corpus` or `corpus/NN_name` matches any of the patterns, which commas separate."""
    def chosen(name):
        return any(fnmatch.fnmatch(name, part) for part in pattern.split(","))
    root = os.path.join(TESTS, "corpus")
    corpora = [Corpus(os.path.join(root, name), chosen) for name in sorted(os.listdir(root))]
    return [corpus for corpus in corpora if any(migration.chosen for migration in corpus.migrations)]


def _read(path):
    with open(path) as file:
        return file.read()
