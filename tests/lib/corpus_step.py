"""One migration of a corpus on one server: the databases it is tried on, and what they are compared with.

`before` is a copy of the live database, rows of the traffic included; `quiet` a copy of it on which segue works with
nobody else about; `rows` a copy on which psql runs the file. The twin has the schema without rows; psql takes it through
all migrations in turn.
"""

import re

from . import compare, data_fixes, dump, psql
from .oracle_data import require_declared_data, require_original_data
from .oracle_schema import require_schema


class Step:
    """Has what the schema and data oracles ask of a stage."""

    def __init__(self, context, server, migration, live, twin):
        self.context = context
        self.server = server
        self.scenario = migration
        self.migration = migration.path
        self._twin = twin
        self._made = []
        self._original = None
        self._mended = None
        self._by_psql = None
        self._before = self._keep(server.create("before", template=live))
        self._schema_before = self.found(self._before)
        psql.run_file(server, twin, self.migration)
        self._wanted = self.found(twin)

    def label(self):
        return f"[{self.server.major}] {self.scenario.corpus.name} {self.scenario.name}"

    def found(self, database):
        return compare.snapshot(self.server, database, self.scenario.own_schemas)

    def before(self):
        return self._schema_before

    def wanted(self):
        return self._wanted

    def twin(self):
        return self._twin

    def filled(self):
        """The database before, rows and all; copy it, never change it."""
        return self._before

    def original(self):
        """The same with the file's types: where its expressions are computed from the rows that were there."""
        if not self._original:
            self._original = self._copy("original")
            with self.server.connect(self._original) as connection:
                for statement in dump.split_statements(self.scenario.migration_sql):
                    if re.match(r"(CREATE|ALTER) (TYPE|DOMAIN)", statement, re.I):
                        connection.execute(statement)
        return self._original

    def mended(self):
        """The original, after the statements that change rows before the new shape is made."""
        statements = data_fixes.that_stay(self.scenario.migration_sql)
        if not statements:
            return self.original()
        if not self._mended:
            self._mended = self._copy("mended")
            with self.server.connect(self._mended) as connection:
                for statement in statements:
                    connection.execute(statement)
        return self._mended

    def drop(self, keep=None):
        """Drops the copies but one."""
        for database in self._made:
            if database != keep:
                self.server.drop(database)

    def by_psql(self):
        """A copy of before on which psql ran the file; None when it cannot run on rows."""
        if self._by_psql is None:
            try:
                self._by_psql = self.by_psql_again()
            except RuntimeError:
                self._by_psql = ""
        return self._by_psql

    def by_psql_again(self):
        database = self._copy("rows")
        psql.run_file(self.server, database, self.migration)
        return database

    def quiet(self, back):
        """Start and complete with nobody else about, when back after a rollback; checks and returns the database."""
        database = self._copy("quiet")
        segue = self.context.segue.on(self.server, database)
        if back:
            segue.must("start", self.migration, "--pace", "100", timeout=600)
            segue.must("rollback")
            require_schema(self, database, self.before())
            require_original_data(self, database)
        segue.must("start", self.migration, "--pace", "100", timeout=600)
        segue.must("complete")
        require_schema(self, database, self.wanted())
        require_declared_data(self, database)
        return database

    def _copy(self, label):
        return self._keep(self.server.create(label, template=self._before))

    def _keep(self, database):
        self._made.append(database)
        return database
