"""Databases of one scenario on one server: the filled one that tests copy, and the twin on
which psql ran the migration. Each is made once and only when something asks for it."""

import os
import re
import tempfile
import threading

from . import compare, data_fixes, dump, pq, psql
from .report import require

_USER_TABLES = """
SELECT c.oid::regclass::text FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""


class Stage:
    """One scenario on one server. Safe for several threads."""

    def __init__(self, server, scenario, segue=None):
        self.server = server
        self.scenario = scenario
        self.segue = segue
        self.folder = tempfile.mkdtemp(prefix="stage-", dir=server.folder)
        os.chmod(self.folder, 0o755)
        self.migration = scenario.place_migration(self.folder)
        self._lock = threading.RLock()
        self._made = {}

    def label(self):
        return f"[{self.server.major}] {self.scenario.name}"

    def filled(self):
        """A database with schema.sql run; read it or copy it, never change it."""
        return self._once("filled", self._make_filled)

    def installed(self):
        """The filled database after `segue init`."""
        return self._once("installed", self._make_installed)

    def original(self):
        """The filled database with the migration's types: where expressions of the file are
        computed from the original rows. Nobody copies it, so sessions may stay on it."""
        return self._once("original", self._make_original)

    def by_psql(self):
        """The filled database on which psql ran the migration; None when it cannot run on rows."""
        return self._once("by psql", self._make_by_psql)

    def by_psql_again(self):
        return self._once("by psql again", self._run_psql)

    def mended(self):
        """The original, after the statements that change rows before the new shape is made."""
        return self._once("mended", self._make_mended)

    def twin(self):
        """The schema without rows, with the migration run by psql."""
        return self._once("twin", self._make_twin)

    def fresh(self):
        """A copy of the installed database, for one test to work on."""
        return self.server.create(self.scenario.name, template=self.installed())

    def completed(self):
        """A database on which the migration was started and completed, with nobody else about."""
        return self._once("completed", lambda: self._make_migrated("complete"))

    def rolled_back(self):
        """Likewise started and rolled back."""
        return self._once("rolled back", lambda: self._make_migrated("rollback"))

    def before(self):
        return self._once("before", lambda: compare.snapshot(
            self.server, self.filled(), self.scenario.own_schemas))

    def wanted(self):
        return self._once("wanted", lambda: compare.snapshot(
            self.server, self.twin(), self.scenario.own_schemas))

    def found(self, database):
        return compare.snapshot(self.server, database, self.scenario.own_schemas)

    def drop(self):
        """Drops every database that was made for it. Nobody may use it any more."""
        with self.server.connect("postgres") as connection:
            for database in connection.column("SELECT datname FROM pg_database WHERE starts_with(datname, $1)",
                                              self._prefix()):
                connection.execute(f"DROP DATABASE IF EXISTS {pq.quote_identifier(database)} WITH (FORCE)")

    def _prefix(self):
        return self.scenario.name[:40].lower()

    def _once(self, key, make):
        """What make returns, made once; when it fails, every asker is told so."""
        with self._lock:
            if key not in self._made:
                try:
                    self._made[key] = (make(), None)
                except Exception as error:  # pylint: disable=broad-except
                    self._made[key] = (None, error)
            value, error = self._made[key]
            if error:
                raise error
            return value

    def _make_filled(self):
        database = self.server.create(self.scenario.name + "_filled")
        psql.run_file(self.server, database, self.scenario.schema_path)
        with self.server.connect(database) as connection:
            connection.execute("ANALYZE")
        return database

    def _make_installed(self):
        database = self.server.create(self.scenario.name + "_init", template=self.filled())
        self.segue.on(self.server, database).must("init")
        return database

    def _make_migrated(self, end):
        database = self.fresh()
        segue = self.segue.on(self.server, database)
        segue.must("start", self.migration, "--pace", "100")
        state = segue.state()
        require(state == "active", f"after start the state is {state}, not active")
        segue.must(end)
        return database

    def _make_by_psql(self):
        try:
            return self._run_psql()
        except RuntimeError:
            return None

    def _run_psql(self):
        database = self.server.create(self.scenario.name + "_rows", template=self.filled())
        psql.run_file(self.server, database, self.migration)
        return database

    def _make_original(self):
        database = self.server.create(self.scenario.name + "_original", template=self.filled())
        with self.server.connect(database) as connection:
            for statement in dump.split_statements(self.scenario.migration_sql):
                # New types, so that the file's expressions can name them; one that takes an old one's name is
                # compared as text.
                created = re.match(r"CREATE (?:TYPE|DOMAIN)\s+(\S+)", statement, re.I)
                if created and connection.value("SELECT to_regtype($1) IS NULL", created.group(1)) == "t" \
                        or re.match(r"ALTER TYPE \S+ ADD VALUE", statement, re.I):
                    connection.execute(statement)
        return database

    def _make_mended(self):
        statements = dump.split_statements(self.scenario.mended_sql) \
            or data_fixes.that_stay(self.scenario.migration_sql)
        if not statements:
            return self.original()
        database = self.server.create(self.scenario.name + "_mended", template=self.filled())
        with self.server.connect(database) as connection:
            for statement in statements:
                connection.execute(statement)
        return database

    def _make_twin(self):
        database = self.server.create(self.scenario.name + "_twin", template=self.filled())
        with self.server.connect(database) as connection:
            tables = connection.column(_USER_TABLES)
            if tables:
                connection.execute("TRUNCATE " + ", ".join(tables) + " CASCADE")
        psql.run_file(self.server, database, self.migration)
        return database


def leftovers(connection):
    """Objects that bear segue's name outside of its own schemas, and invalid indexes."""
    found = connection.column("""
        SELECT 'column ' || attrelid::regclass || '.' || attname FROM pg_attribute
        WHERE attname ILIKE '%segue%' AND attnum > 0 AND NOT attisdropped
          AND attrelid::regclass::text NOT LIKE 'segue.%'
          AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger
        WHERE tgname ILIKE '%segue%' AND NOT tgisinternal
        UNION ALL SELECT 'constraint ' || conname FROM pg_constraint
        WHERE conname ILIKE '%segue%' AND connamespace = 'public'::regnamespace
        UNION ALL SELECT 'function ' || oid::regprocedure FROM pg_proc
        WHERE proname ILIKE '%segue%' AND pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'relation ' || oid::regclass FROM pg_class
        WHERE relname ILIKE '%segue%' AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'type ' || oid::regtype FROM pg_type
        WHERE typname ILIKE '%segue%' AND typnamespace = 'public'::regnamespace
        UNION ALL SELECT 'publication ' || pubname FROM pg_publication WHERE pubname ILIKE '%segue%'
        UNION ALL SELECT 'replication slot ' || slot_name FROM pg_replication_slots WHERE database = current_database()
        UNION ALL SELECT 'invalid index ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid
        """)
    return found


def version_objects(connection, version):
    """Views and other relations left in a version's schema."""
    return connection.column(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = $1", version)


