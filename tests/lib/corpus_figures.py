"""What a run of a corpus was about, in figures: tables and the like, rows, migrations, the traffic's requests, time."""

import time

_OBJECTS = """
SELECT count(*) FILTER (WHERE relkind IN ('r', 'p')), count(*) FILTER (WHERE relispartition AND relkind IN ('r', 'p')),
    count(*) FILTER (WHERE relkind IN ('v', 'm')), count(*) FILTER (WHERE relrowsecurity),
    (SELECT count(*) FROM pg_trigger JOIN pg_class t ON t.oid = tgrelid
     WHERE NOT tgisinternal AND tgparentid = 0 AND t.relnamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
FROM pg_class c WHERE relnamespace = 'public'::regnamespace
"""
_NAMES = ("tables", "of them partitions", "views", "tables with row security", "triggers", "functions")
_TABLES_WITH_ROWS = """
SELECT c.oid::regclass::text FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""


class Figures:
    """Begins with the filled database; counts on until its line is asked for."""

    def __init__(self, server, database):
        self.completed = 0
        self.rolled_back = 0
        self._server = server
        self._began = time.monotonic()
        self._requests = {"old": 0, "new": 0}
        self._looked_at = 0
        self._objects = self._count_objects(database)
        self._rows = self._count_rows(database)

    def add_traffic(self, report):
        for version in self._requests:
            self._requests[version] += report[version]["requests"]
        self._looked_at += report["own_checks"] + report["agree_checks"] + report["swept_rows"] + report["counted_rows"]

    def line(self, label, database):
        objects = ", ".join(f"{count} {name}" for name, count in zip(_NAMES, self._objects))
        return (f"{label}: {objects}; {self._rows} rows at first, {self._count_rows(database)} in the end;"
                f" {self.completed} migrations completed under traffic, {self.rolled_back} rolled back;"
                f" {self._requests['old']} requests of old versions, {self._requests['new']} of new ones,"
                f" {self._looked_at} rows looked at; {time.monotonic() - self._began:.0f} s")

    def _count_objects(self, database):
        with self._server.connect(database) as connection:
            return connection.rows(_OBJECTS)[0]

    def _count_rows(self, database):
        with self._server.connect(database) as connection:
            return sum(int(connection.value(f"SELECT count(*) FROM {table}"))
                       for table in connection.column(_TABLES_WITH_ROWS))
