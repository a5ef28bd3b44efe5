"""The table that is changed, on a server with durable settings, in a database of its own for each try."""

import time

_INDEXES = (("bid, {}", "_1"), ("{}", "_2"), ("bid, aid, {}", "_3"), ("{}, aid", "_4"), ("filler", "_5"), ("bid", "_6"))

SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "max_wal_size": "8GB", "shared_buffers": "1GB",
            "maintenance_work_mem": "256MB", "autovacuum": "off", "checkpoint_timeout": "30min"}


class Ground:
    def __init__(self, server, segue, rows, n_indexes, jobs):
        self.server, self.segue, self.rows, self.n_indexes, self.jobs = server, segue, rows, n_indexes, jobs
        self.folder = server.folder
        self.template = server.create("template")
        self.database = self.template
        self.sql("CREATE TABLE accounts (aid integer NOT NULL, bid integer, abalance integer NOT NULL, filler character(84))",
                 f"INSERT INTO accounts SELECT n, n / 100000 + 1, n % 1000, '' FROM generate_series(1, {rows}) n",
                 "ALTER TABLE accounts ADD PRIMARY KEY (aid)", *self.indexes("accounts"), "CREATE EXTENSION pg_repack",
                 "VACUUM (FREEZE, ANALYZE) accounts")

    def indexes(self, table, column="abalance", prefix=""):
        return [f"CREATE INDEX {prefix}{table}{name} ON {table} ({keys.format(column)})"
                for keys, name in _INDEXES[:self.n_indexes]]

    def connect(self):
        return self.server.connect(self.database)

    def sql(self, *statements):
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def value(self, sql):
        with self.connect() as connection:
            return connection.value(sql)

    def run(self, way):
        """Seconds, WAL bytes, and the sizes of table and indexes afterwards."""
        self.database = self.server.create("try", self.template)
        self.sql("CHECKPOINT")
        before, began = self.value("SELECT pg_current_wal_lsn()"), time.monotonic()
        table = way(self)
        seconds = time.monotonic() - began
        wal = int(self.value(f"SELECT pg_current_wal_lsn() - '{before}'::pg_lsn"))
        result = {"seconds": seconds, "wal": wal, "table": int(self.value(f"SELECT pg_table_size('{table}')")),
                  "total": int(self.value(f"SELECT pg_total_relation_size('{table}')"))}
        self.server.drop(self.database)
        return result
