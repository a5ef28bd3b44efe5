"""The table that is changed, on a server with durable settings, in a database of its own for each try."""

import os
import subprocess
import time

# Over the column that changes, which a table with both shapes has twice; and over others.
_OVER = ("{}", "bid, {}", "{}, aid", "aid, {}", "bid, aid, {}", "{}, bid")
_OTHERS = ("bid", "filler", "bid, aid", "filler, aid", "bid, filler", "aid, bid")

SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "max_wal_size": "8GB", "shared_buffers": "1GB",
            "maintenance_work_mem": "256MB", "autovacuum": "off", "checkpoint_timeout": "30min"}


class Ground:
    def __init__(self, server, segue, rows, n_indexes, n_over, jobs):
        self.server, self.segue, self.rows, self.jobs = server, segue, rows, jobs
        self.keys = _OVER[:n_over] + _OTHERS[:n_indexes - n_over]
        self.folder = server.folder
        self.memory = 0
        self.template = server.create("template")
        self.database = self.template
        self.sql("CREATE TABLE accounts (aid integer NOT NULL, bid integer, abalance integer NOT NULL, filler character(84))",
                 f"INSERT INTO accounts SELECT n, n / 100000 + 1, n % 1000, '' FROM generate_series(1, {rows}) n",
                 "ALTER TABLE accounts ADD PRIMARY KEY (aid)", *self.indexes("accounts"), "CREATE EXTENSION pg_repack",
                 "VACUUM (FREEZE, ANALYZE) accounts")

    def indexes(self, table, column="abalance", prefix="", only_over=False):
        return [f"CREATE INDEX {prefix}{table}_{number} ON {table} ({keys.format(column)})"
                for number, keys in enumerate(self.keys) if "{}" in keys or not only_over]

    def connect(self):
        return self.server.connect(self.database)

    def sql(self, *statements):
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def value(self, sql):
        with self.connect() as connection:
            return connection.value(sql)

    def fresh(self):
        self.database = self.server.create("try", self.template)
        self.sql("CHECKPOINT")

    def drop(self):
        self.server.drop(self.database)
        self.database = self.template

    def run_segue(self, *arguments, may=(0,)):
        """Its words; the most memory that it took, in bytes, stays in self.memory."""
        with subprocess.Popen([self.segue, *arguments, "--url", self.server.url(self.database)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            words = process.stdout.read().decode(errors="replace"), process.stderr.read().decode(errors="replace")
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in may:
            raise RuntimeError(f"segue {' '.join(arguments)}: exit {process.returncode}\n{words[1]}")
        self.memory = max(self.memory, usage.ru_maxrss * 1024)
        return words[0]

    def sizes(self, table):
        return int(self.value(f"SELECT pg_table_size('{table}')")), int(self.value(f"SELECT pg_total_relation_size('{table}')"))

    def run(self, way, end=None):
        """Seconds and WAL bytes, the sizes of table and indexes then and after the end, and segue's memory."""
        self.fresh()
        self.memory = 0
        before, began = self.value("SELECT pg_current_wal_lsn()"), time.monotonic()
        table = way(self)
        seconds = time.monotonic() - began
        wal = int(self.value(f"SELECT pg_current_wal_lsn() - '{before}'::pg_lsn"))
        live = self.sizes(table)
        if end:
            end(self)
        final = self.sizes(table)
        self.drop()
        return {"seconds": seconds, "wal": wal, "table": final[0], "total": final[1], "total_live": live[1], "memory": self.memory}
