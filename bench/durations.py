"""Statements run on filled tables of a real server, and for how long others would have waited: what `segue lint --url` says beside it."""

import json
import os
import statistics
import subprocess
import tempfile
import time

SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "max_wal_size": "8GB", "shared_buffers": "512MB", "autovacuum": "off",
            "allow_in_place_tablespaces": "on"}
UNNOTICED = 0.1  # seconds; lint says "less than" and no more below it

_TABLE = """
CREATE TABLE {name} (id bigint NOT NULL, twin bigint NOT NULL, customer_id integer NOT NULL, amount integer, code varchar(60) NOT NULL, placed timestamp NOT NULL,
    span int4range NOT NULL{more});
INSERT INTO {name} SELECT n, n, n % 1000 + 1, n % 5000, 'code ' || md5(n::text), timestamp '2024-01-01' + n * interval '37 seconds', int4range(n, n + 1){values}
    FROM generate_series(1, {rows}) n;
ALTER TABLE {name} ADD CONSTRAINT {name}_pkey PRIMARY KEY (id);
"""

# name: rows at scale 1, further columns, their values, further indexes
_TABLES = {
    "small": (3_000, "", "", ("amount",)),
    "middling": (100_000, "", "", ("amount",)),
    "orders": (800_000, "", "", ("amount",)),
    "indexed": (400_000, "", "", ("amount", "code", "placed", "customer_id, amount", "twin", "placed, code")),
    "wide": (150_000, ", note text NOT NULL", ", repeat(md5(n::text), 40)", ("amount",)),
    "stored_apart": (15_000, ", note text NOT NULL", ", (SELECT string_agg(md5((n * k)::text), '') FROM generate_series(1, 300) k)", ("amount",)),
}

_OTHERS = """
CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO customers SELECT n, 'name ' || n FROM generate_series(1, 1000) n;
CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO people SELECT n, 'name ' || n FROM generate_series(1, {people}) n;
CREATE DOMAIN positive AS integer;
CREATE TABLE priced (id bigint PRIMARY KEY, price positive);
INSERT INTO priced SELECT n, n FROM generate_series(1, {people}) n;
CREATE MATERIALIZED VIEW totals AS SELECT id, twin * 2 AS twice FROM orders;
CREATE TABLE parts (id bigint NOT NULL, at date NOT NULL, amount integer) PARTITION BY RANGE (at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE parts_other PARTITION OF parts DEFAULT;
INSERT INTO parts SELECT n, date '2024-01-01' + n % 1000, n FROM generate_series(1, {people}) n;
CREATE TABLE part_new (id bigint NOT NULL, at date NOT NULL, amount integer);
INSERT INTO part_new SELECT n, '2030-01-01', n FROM generate_series(1, {people}) n;
"""

# Of every table above.
_OF_ANY = (
    "ALTER TABLE {t} ALTER COLUMN amount SET NOT NULL",
    "ALTER TABLE {t} ADD CHECK (amount >= 0 AND length(code) < 60)",
    "ALTER TABLE {t} ADD FOREIGN KEY (customer_id) REFERENCES customers",
    "ALTER TABLE {t} ADD UNIQUE (twin)",
    "CREATE INDEX ON {t} (code)",
    "CREATE INDEX ON {t} (customer_id)",
    "ALTER TABLE {t} ALTER COLUMN amount TYPE bigint",
    "ALTER TABLE {t} ADD COLUMN more uuid DEFAULT gen_random_uuid()",
    "VACUUM FULL {t}",
    "REINDEX TABLE {t}",
)
# Of these only.
_OF = {
    "orders": (
        "ALTER TABLE {t} ADD COLUMN more integer CHECK (more > 0)",
        "ALTER TABLE {t} ADD COLUMN more integer DEFAULT 1 REFERENCES customers",
        "ALTER TABLE {t} ADD COLUMN more serial",
        "ALTER TABLE {t} ADD COLUMN more bigint GENERATED ALWAYS AS IDENTITY",
        "ALTER TABLE {t} ADD COLUMN more bigint GENERATED ALWAYS AS (twin * 2) STORED",
        "ALTER TABLE {t} ADD COLUMN more bigserial UNIQUE",
        "ALTER TABLE {t} ADD FOREIGN KEY (twin) REFERENCES people NOT VALID",
        "ALTER TABLE {t} ADD UNIQUE (code)",
        "ALTER TABLE {t} DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (twin)",
        "CREATE INDEX ON {t} (lower(code))",
        "CREATE INDEX ON {t} USING gin (string_to_array(code, ' '))",
        "CREATE INDEX ON {t} USING hash (code)",
        "CREATE INDEX ON {t} USING brin (placed)",
        "CREATE INDEX ON {t} (placed, code) WHERE amount > 10",
        "ALTER TABLE {t} ALTER COLUMN code TYPE varchar(50)",
        "ALTER TABLE {t} ALTER COLUMN placed TYPE timestamptz USING placed AT TIME ZONE 'Europe/Berlin'",
        "ALTER TABLE {t} ALTER COLUMN code TYPE text COLLATE \"C\"",
        "ALTER TABLE {t} ALTER COLUMN amount SET NOT NULL, ADD CHECK (amount >= 0)",
        "ALTER TABLE {t} SET UNLOGGED",
        "ALTER TABLE {t} SET TABLESPACE other_disk",
        "CLUSTER {t} USING orders_pkey",
        "REINDEX INDEX orders_pkey",
        "ALTER TABLE {t} ADD COLUMN more integer DEFAULT 7",
        "ALTER TABLE {t} DROP COLUMN code",
        "ALTER TABLE {t} RENAME COLUMN code TO label",
        "TRUNCATE {t}",
        "CREATE TRIGGER on_it BEFORE UPDATE ON {t} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "ALTER TABLE {t} ADD COLUMN more integer; UPDATE {t} SET more = amount",
        "ALTER TABLE {t} ADD COLUMN more integer; DELETE FROM {t} WHERE amount = 7",
        "ALTER TABLE {t} ADD CONSTRAINT later CHECK (amount >= 0) NOT VALID; ALTER TABLE {t} VALIDATE CONSTRAINT later",
        "REFRESH MATERIALIZED VIEW totals",
    ),
    "middling": ("ALTER TABLE {t} ADD EXCLUDE USING gist (span WITH &&)",),
    "wide": ("ALTER TABLE {t} ALTER COLUMN note TYPE varchar(2000)", "ALTER TABLE {t} ADD CHECK (length(note) > 10)"),
    "stored_apart": ("ALTER TABLE {t} ADD CHECK (length(note) > 10)",),
    "people": ("ALTER TABLE {t} ADD COLUMN more integer REFERENCES customers",),
    "priced": ("ALTER DOMAIN positive ADD CHECK (VALUE > 0)",),
    "parts": (
        "ALTER TABLE {t} ALTER COLUMN amount SET NOT NULL",
        "ALTER TABLE {t} ALTER COLUMN amount TYPE bigint",
        "CREATE INDEX ON {t} (amount)",
        "CREATE TABLE parts_3 PARTITION OF {t} FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
        "ALTER TABLE {t} ATTACH PARTITION part_new FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')",
    ),
}
_ALONE = ("VACUUM",)  # cannot be taken back
ROUNDS = 3


def fill(server, scale):
    """The database, and {table: (rows, bytes, indexes)}."""
    with server.connect("postgres") as session:
        session.execute("CREATE TABLESPACE other_disk LOCATION ''")
    database = server.create("durations")
    with server.connect(database) as session:
        for name, (rows, more, values, indexes) in _TABLES.items():
            session.execute(_TABLE.format(name=name, rows=int(rows * scale), more=more, values=values))
            for columns in indexes:
                session.execute(f"CREATE INDEX ON {name} ({columns})")
        session.execute(_OTHERS.format(people=int(800_000 * scale)))
        session.execute("VACUUM (FREEZE, ANALYZE)")
        session.execute("CHECKPOINT")
        sizes = session.rows("SELECT c.relname, c.reltuples::bigint, pg_table_size(c.oid), (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid)"
                             " FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace")
    return database, {name: (int(rows), int(size), int(indexes)) for name, rows, size, indexes in sizes}


def cases():
    """(table, script)"""
    for table in dict.fromkeys((*_TABLES, *_OF)):
        for script in (*(_OF_ANY if table in _TABLES else ()), *_OF.get(table, ())):
            yield table, script.format(t=table)


def seconds_of(server, database, script):
    """From the first statement to the last; the end of the transaction is not waited for."""
    alone = script.startswith(_ALONE)
    with server.connect(database) as session:
        if not alone:
            session.execute("BEGIN")
        began = time.monotonic()
        for statement in script.split("; "):
            session.execute(statement)
        seconds = time.monotonic() - began
        if not alone:
            session.execute("ROLLBACK")
    return seconds


def said_of(segue, server, database, script):
    """The longest range that a finding has, in seconds; None: no finding has one."""
    several = "; " in script
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "script.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"BEGIN;\n{script};\nCOMMIT;\n" if several else script + ";\n")
        result = subprocess.run([segue, "lint", "--json", "--url", server.url(database), path], stdout=subprocess.PIPE, text=True, check=False)
    ranges = [finding["seconds"] for finding in json.loads(result.stdout)["findings"] if finding.get("seconds")]
    return max(ranges, key=lambda seconds: seconds[1]) if ranges else None


class Case:
    """One script on one table: what was said, what was measured."""

    def __init__(self, table, script, said, measured):
        self.table, self.script, self.said, self.measured = table, script, said, measured

    def is_within(self):
        """Within the range; where lint says "less than 100 ms", whether it is."""
        if self.said is None:
            return None
        low, _, high = self.said
        return self.measured <= UNNOTICED if high <= UNNOTICED else low <= self.measured <= high


def measure(segue, server, database):
    for table, script in cases():
        said = said_of(segue, server, database, script)
        measured = statistics.median(seconds_of(server, database, script) for _ in range(ROUNDS))
        yield Case(table, script, said, measured)
