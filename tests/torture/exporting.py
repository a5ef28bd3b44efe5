"""script/torture --export: a case as segue export --idempotent makes a script of it, on databases at every place between the versions."""

import os
import random
import re

from lib import psql

from . import twin
from .bench import DatabaseError, text_of
from .oracles import Finding, Refused

_REASON = re.compile(r"cannot be exported: (.*)")


class ExportRun:
    """A case on a bench. `go` returns when everything held."""

    def __init__(self, bench, case, template):
        self.bench, self.case, self.template = bench, case, template
        self.rng = random.Random(case.seed + 1 + 1000 * case.luck)
        self.databases = []
        self.filled = self._create(template)
        self.segue = bench.program.on(bench.server, self.filled)

    def close(self):
        for database in reversed(self.databases):
            self.bench.drop(database)

    def go(self):
        migration = self.bench.place(self.case.migration_sql())
        if any(column.up and not column.added and column.type == column.kind.type for table in self.case.new_tables() for column in table.current()
               if re.search(rf"ALTER COLUMN {re.escape(column.quoted)} (SET DATA )?TYPE", self.case.migration_sql())):
            raise Refused("USING that keeps the type is not seen", "")
        whole, additive = self._script(migration, "--drops"), self._script(migration)
        fits = self._fill(migration)
        self.empty = self._create(self.filled)
        self._empty()
        self._on_the_old_schema(whole)
        self._after_a_part(whole)
        self._drops_afterwards(additive, whole)
        if fits:
            self._on_rows(whole)

    def _script(self, migration, *options):
        result = self.segue.run("export", "--idempotent", *options, migration)
        if result.code == 1:
            reason = _REASON.search(result.err)
            raise Refused(re.sub(r'"[^"]*"+', "…", reason[1]) if reason else "not read", result.err)
        if result.code != 0:
            raise Finding("export", f"exit {result.code}: {result.err}")
        return self._place("drops" if options else "additive", result.out)

    def _place(self, name, text):
        path = os.path.join(self.bench.folder, name + ".sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def _create(self, template):
        self.databases.append(self.bench.create(template))
        return self.databases[-1]

    def _fill(self, migration):
        """The rows; whether segue start would take the file with them."""
        connection = self.bench.connect(self.filled)
        try:
            connection.execute(self.case.schema_sql())
            wanted, refused = twin.wanted(connection, self.case.statements())
            if refused:
                raise Refused("psql refuses it too", text_of(refused))
            self.wanted, self.declared = wanted, twin.declared(connection, self.case)
        except DatabaseError as error:
            raise Finding("generator", text_of(error)) from error
        finally:
            connection.close()
        return self.segue.run("plan", migration).code == 0

    def _empty(self):
        connection = self.bench.connect(self.empty)
        tables = connection.value(
            "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')")
        if tables:
            connection.execute(f"TRUNCATE {tables} CASCADE")
        connection.close()

    def _run(self, oracle, database, *scripts):
        for script in scripts:
            try:
                psql.run_file(self.bench.server, database, script)
            except RuntimeError as error:
                raise Finding(oracle, str(error)) from error

    def _require_schema(self, oracle, database):
        connection = self.bench.connect(database)
        found = twin.schema(connection)
        connection.close()
        if found != self.wanted:
            raise Finding(oracle, twin.difference(found, self.wanted))

    def _on_the_old_schema(self, whole):
        database = self._create(self.empty)
        self._run("once", database, whole)
        self._require_schema("once", database)
        self._run("twice", database, whole)
        self._require_schema("twice", database)

    def _after_a_part(self, whole):
        statements = self.case.statements()
        count = self.rng.randint(1, max(1, len(statements) - 1))
        database = self._create(self.empty)
        self._run("psql", database, self._place("part", ";\n".join(twin.plain(one) for one in statements[:count]) + ";\n"))
        self._run("part", database, whole)
        self._require_schema("part", database)

    def _drops_afterwards(self, additive, whole):
        database = self._create(self.empty)
        self._run("additive", database, additive, additive)
        self._run("drops", database, whole)
        self._require_schema("drops", database)

    def _on_rows(self, whole):
        database = self._create(self.filled)
        audited = self._audited(database)
        self._run("rows", database, whole)
        if self._audited(database) != audited:
            raise Finding("trigger", "the script fired the application's triggers")
        connection = self.bench.connect(database)
        try:
            found = twin.found(connection, self.case)
        finally:
            connection.close()
        for table, rows in self.declared.items():
            if found.get(table) != rows:
                raise Finding("rows", f"{table.name}: " + twin.difference(found.get(table), rows))

    def _audited(self, database):
        """How many writes the audit triggers have counted."""
        connection = self.bench.connect(database)
        try:
            if connection.value("SELECT to_regclass('public.audit_log')") is None:
                return 0
            return connection.value("SELECT count(*) FROM public.audit_log")
        finally:
            connection.close()
