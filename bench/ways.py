"""The ways by which a column gets its new type: segue's two, and what a user would do instead.

A way is a function of a Ground; it changes accounts.abalance from integer to bigint, or does work of that kind, and leaves
the table to be measured under the name that it returns.
"""

import json
import os
import shutil
import subprocess

BATCH = 10000

_SYNC = """
ALTER TABLE accounts ADD COLUMN abalance_new bigint;
CREATE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.abalance_new := NEW.abalance; RETURN NEW; END $$;
CREATE TRIGGER sync BEFORE INSERT OR UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION sync();
"""

MIGRATION = """\
-- segue: down accounts.abalance = abalance::integer
ALTER TABLE accounts ALTER COLUMN abalance TYPE bigint;
"""


def create_table_as(ground):
    """The limit: the rows in their new shape in a new table, with its key and indexes. Nobody can write meanwhile."""
    ground.sql("CREATE TABLE fresh AS SELECT aid, bid, abalance::bigint AS abalance, filler FROM accounts",
               "ALTER TABLE fresh ADD PRIMARY KEY (aid)", *ground.indexes("fresh"), "VACUUM ANALYZE fresh")
    return "fresh"


def plain_alter(ground):
    """ALTER TABLE: nobody can read or write meanwhile."""
    ground.sql("ALTER TABLE accounts ALTER COLUMN abalance TYPE bigint", "VACUUM ANALYZE accounts")
    return "accounts"


def batched_update(ground):
    """A second column that a trigger keeps, filled by updates of 10,000 rows."""
    ground.sql(*_SYNC.strip().split("\n"))
    with ground.connect() as connection:
        for first in range(0, ground.rows, BATCH):
            connection.execute(f"UPDATE accounts SET abalance_new = abalance WHERE aid > {first} AND aid <= {first + BATCH}")
    ground.sql(*ground.indexes("accounts", "abalance_new", "new_", only_over=True), "VACUUM ANALYZE accounts")
    return "accounts"


def repack(ground):
    """pg_repack, which copies the table as it is: no change of a type, but the nearest kin of a rebuild."""
    subprocess.run(["/usr/lib/postgresql/15/bin/pg_repack", "-h", ground.server.folder, "-p", "5432", "-U", "postgres", "-d",
                    ground.database, "-t", "accounts", "-j", str(ground.jobs), "--no-order"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return "accounts"


def _segue(ground, *options):
    path = os.path.join(ground.folder, "bench.sql")
    with open(path, "w") as file:
        file.write(MIGRATION)
    ground.run_segue("start", path, *options)
    return "accounts"


def segue_rebuild(ground):
    """segue start --strategy rebuild: both versions live, the copy compared with the table."""
    return _segue(ground, "--strategy", "rebuild", "--jobs", str(ground.jobs))


def segue_in_place(ground):
    """segue start --strategy in-place: likewise."""
    return _segue(ground, "--strategy", "in-place")


def pgroll(ground):
    """pgroll start, which fills the column by batched updates; only where it is on PATH. Not verified, as pgroll does not."""
    change = {"alter_column": {"table": "accounts", "column": "abalance", "type": "bigint",
                               "up": "abalance::bigint", "down": "abalance::integer"}}
    path = os.path.join(ground.folder, "bench_pgroll.json")
    with open(path, "w") as file:
        json.dump({"name": "bench", "operations": [change]}, file)
    url = f"postgres:///{ground.database}?host={ground.server.folder}&port=5432&user=postgres&sslmode=disable"
    for arguments in (["init"], ["start", path]):
        subprocess.run(["pgroll", "--postgres-url", url, *arguments], check=True, stdout=subprocess.DEVNULL)
    return "accounts"


def complete(ground):
    ground.run_segue("complete")


WAYS = {"create table as": create_table_as, "plain alter": plain_alter, "segue rebuild": segue_rebuild,
        "pg_repack": repack, "segue in place": segue_in_place, "batched update": batched_update}
if shutil.which("pgroll"):
    WAYS["pgroll"] = pgroll
# What ends a way that leaves both shapes; not in the time, but the size afterwards counts.
ENDS = {"segue rebuild": complete, "segue in place": complete}
