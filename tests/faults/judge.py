"""The end state: the schema is that of a quiet run, every value is the declared one, and of every acknowledged write there is one."""

from lib import pq
from lib.oracle_data import require_declared_data, require_original_data
from lib.oracle_schema import require_schema
from lib.report import Failure
from lib.stage import Stage

from .ledger import Wrong, recapture, require_same

_OWN = """SELECT n.nspname || '.' || c.relname || ' ' || c.relkind::text FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'segue%' UNION ALL
SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname LIKE 'segue%' UNION ALL
SELECT 'prepared ' || gid FROM pg_prepared_xacts UNION ALL SELECT 'slot ' || slot_name FROM pg_replication_slots"""


class LedgerStage(Stage):
    """A scenario whose rows are those of the file and what writers of the old version have left."""

    def __init__(self, base, writers):
        super().__init__(base.server, base.scenario, base.segue)
        self._base, self._writers = base, writers

    def twin(self):
        return self._base.twin()

    def wanted(self):
        return self._base.wanted()

    def before(self):
        return self._base.before()

    def _make_filled(self):
        database = self.server.create(self.scenario.name + "_ledger", template=self._base.filled())
        with self.server.connect(database) as connection:
            connection.execute("SET session_replication_role = replica")
            for writer in self._writers:
                _put(connection, writer)
        return database

    def drop_own(self):
        """Its databases, and not those that it shares."""
        for value, _ in self._made.values():
            if isinstance(value, str):
                self.server.drop(value)


def _put(connection, writer):
    by_table = {}
    for (name, _), values in writer.rows.items():
        by_table.setdefault(name, []).append(values)
    for name, rows in by_table.items():
        table = writer.tables[name]
        places = [table.columns.index(column) for column in table.given]
        lines = [", ".join("NULL" if values[place] is None else pq.quote_literal(values[place]) for place in places) for values in rows]
        connection.execute(f"INSERT INTO public.{table.name} ({', '.join(table.given)}) OVERRIDING SYSTEM VALUE VALUES "
                           + ", ".join(f"({line})" for line in lines))


def old_rows(connection, course):
    """Both versions live, the old one's writers have ended: their rows are what they were told."""
    require_same(connection, course.writers("old"))


def new_rows(connection, course):
    require_same(connection, course.writers("new"))


def new_rows_as_old(connection, course):
    """The new version's writers have ended, and rollback comes: from now on their rows are what the old version sees."""
    tables = {table.plain: table for table in course.old_tables}
    for writer in course.writers("new"):
        writer.rows = {place: values for place, values in writer.rows.items() if place[0] in tables}
        writer.tables = {name: tables[name] for name in writer.tables if name in tables}
    recapture(connection, course.writers("new"))


def take_new_rows_out(connection, course):
    """Raises unless the rows of the new version's writers are there, and deletes them."""
    require_same(connection, course.writers("new"))
    connection.execute("SET session_replication_role = replica")
    for writer in course.writers("new"):
        for name, table in writer.tables.items():
            keys = [key for (other, key) in writer.rows if other == name]
            if keys:
                connection.execute(f"DELETE FROM public.{table.name} WHERE {table.ident} IN ({', '.join(map(str, keys))})")
    connection.execute("RESET session_replication_role")


def judge(course):
    """Raises unless everything is as it has to be."""
    stage = LedgerStage(course.stage, course.writers("old"))
    try:
        _judge(course, stage)
    except Failure as failure:
        raise Wrong(str(failure)) from failure
    finally:
        stage.drop_own()


def _judge(course, stage):
    if sum(writer.acknowledged for writer in course.writers("old")) == 0:
        raise Wrong("the old version's writers have written nothing")
    completed = course.commands[-1] == "complete"
    path = course.new_path if completed else "public_base, public"
    with course.server.connect(course.database) as connection:
        connection.execute(f"SET search_path = {path}")
        if not completed:
            require_same(connection, course.writers("old"))
        take_new_rows_out(connection, course)
        _require_own(course, connection, completed)
    require_schema(stage, course.database, stage.wanted() if completed else stage.before())
    (require_declared_data if completed else require_original_data)(stage, course.database)


def _require_own(course, connection, completed):
    """segue has left of itself what it leaves after a quiet run."""
    quiet = course.stage.completed() if completed else course.stage.rolled_back()
    with course.ground.quiet.connect(quiet) as other:
        wanted = sorted(other.column(_OWN))
    found = sorted(connection.column(_OWN))
    if found != wanted:
        raise Wrong(f"segue left {sorted(set(found) - set(wanted))} behind; a quiet run leaves also {sorted(set(wanted) - set(found))}")


