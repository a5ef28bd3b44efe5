"""Walks in chunks: as long as they should take whatever the rows are like, over any key, to an end whatever is written meanwhile, and
hardly a row twice when they are killed. Times are compared with each other alone."""

import threading
import time

from .program import RESUMABLE, find_key, peak_memory_kb
from .promises import Ground, promise_tasks
from .report import require
from .traffic import wait_until

_PATIENCE = 120  # seconds, on the most crowded of machines

# What the up of a row takes is told by the row.
_SLOW = """
CREATE FUNCTION slowly(value text, seconds double precision) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM pg_sleep(seconds);
    RETURN upper(value);
END $$;
"""
_UPPER = """
-- segue: up items.body = upper(body)
-- segue: down items.body = lower(body)
ALTER TABLE items ALTER COLUMN body TYPE varchar(40) USING upper(body);
"""
_NUMBER = """
-- segue: up items.weight = weight::integer
-- segue: down items.weight = weight::text
ALTER TABLE items ALTER COLUMN weight TYPE integer USING weight::integer;
"""


def tasks(context):
    return promise_tasks(context, _PROMISES, _Ground)


class _Ground(Ground):
    def fresh(self, sql, strategy="in-place"):
        database, segue = self.made("chunks", sql)
        segue.wishes = ("--strategy", strategy)
        return database, segue

    def chunks(self, database):
        """Of the backfill, all lanes together."""
        return int(self.value(database, "SELECT coalesce(sum(chunks), 0) FROM segue.walks WHERE step LIKE 'backfill/%'"))


def _by_time(ground):
    """Chunks take a given time, not a number of rows: --chunk-time fifty times as long makes several times fewer of them"""
    chunks = {}
    for milliseconds in (1, 50):
        database, segue = ground.fresh("CREATE TABLE items (id integer PRIMARY KEY, weight text NOT NULL);"
                                       " INSERT INTO items SELECT i, i::text FROM generate_series(1, 9000) i; ANALYZE")
        segue.must("start", ground.file("items_number", _NUMBER), "--pace", "100", "--chunk-time", f"{milliseconds}ms")
        chunks[milliseconds] = ground.chunks(database)
        ground.server.drop(database)
    require(chunks[1] >= 2 * chunks[50], str(chunks))
    require(9000 / chunks[1] < 4500, f"chunks of many rows: {chunks}")


def _most_in_a_transaction(ground, database, where="true"):
    """Rows as they lie there now are those that the walk has written, each chunk in a transaction."""
    return int(ground.value(database, f"SELECT max(n) FROM (SELECT count(*) n FROM items WHERE {where} GROUP BY xmin) s"))


_SLOWLY = """
-- segue: up items.body = slowly(body, seconds)
-- segue: down items.body = lower(body)
ALTER TABLE items ALTER COLUMN body TYPE varchar(40) USING slowly(body, seconds);
"""


def _skew(ground):
    """Where rows begin to take a thousand times as long, the chunk that meets them is given up and cut: few of them share a transaction"""
    database, segue = ground.fresh(_SLOW + "CREATE TABLE items (id integer PRIMARY KEY, body text, seconds double precision);"
                                   " INSERT INTO items SELECT i, 'x', CASE WHEN i BETWEEN 2001 AND 2030 THEN 0.03 ELSE 0 END"
                                   " FROM generate_series(1, 4000) i; ANALYZE")
    segue.must("start", ground.file("items_slowly", _SLOWLY), "--pace", "100")
    most = _most_in_a_transaction(ground, database, "seconds > 0")
    require(most <= 10, f"{most} rows of 30 ms in one chunk of 5 ms")
    require(_most_in_a_transaction(ground, database, "seconds = 0") > 100, "chunks of quick rows are small, too")
    ground.server.drop(database)


def _parts_of_pages(ground):
    """A rebuild copies a part of a page at a time where its rows take long: 60 rows of one page are not one transaction"""
    database, segue = ground.fresh(_SLOW + "CREATE TABLE items (id integer PRIMARY KEY, body text, seconds double precision);"
                                   " INSERT INTO items SELECT i, 'x', 0.04 FROM generate_series(1, 60) i; ANALYZE", "rebuild")
    segue.must("start", ground.file("items_slowly", _SLOWLY), "--pace", "100")
    most = _most_in_a_transaction(ground, database)
    require(most <= 30, f"{most} rows of 40 ms in one chunk of 50 ms")
    require(ground.value(database, "SELECT count(*) || ' ' || count(DISTINCT id) FROM items") == "60 60", "rows are lost or doubled")
    ground.server.drop(database)


def _huge(ground):
    """Rows of 10 MB among small ones are filled like these, and none of them is ever in segue's memory"""
    for strategy in ("in-place", "rebuild"):
        database, segue = ground.fresh("CREATE TABLE items (id integer PRIMARY KEY, body text);"
                                       " ALTER TABLE items ALTER COLUMN body SET STORAGE EXTERNAL;"
                                       " INSERT INTO items SELECT i, repeat('x', 10000000) FROM generate_series(1, 4) i;"
                                       " INSERT INTO items SELECT i, 'small' FROM generate_series(5, 2000) i; ANALYZE", strategy)
        process = segue.start("start", ground.file("items_size", """
-- segue: up items.size = length(body)
ALTER TABLE items ADD COLUMN size integer;
"""), "--pace", "100")
        memory = 0
        while process.poll() is None:
            memory = max(memory, peak_memory_kb(process.pid))
            time.sleep(0.02)
        out, err = process.communicate()
        require(process.returncode == 0, (out + err).decode(errors="replace"))
        require(0 < memory < 32 * 1024, f"{memory} kB")
        require(ground.value(database, "SELECT count(*) FROM items WHERE size = length(body)", "public_items_size") == "2000", "wrong values")
        ground.server.drop(database)


def _gaps(ground):
    """Keys from the least to the greatest bigint with gaps of any width, and one row alone: each is filled, in as few chunks as if dense"""
    database, segue = ground.fresh("CREATE TABLE items (id bigint PRIMARY KEY, weight text NOT NULL);"
                                   " INSERT INTO items SELECT i, i::text FROM generate_series(1, 10) i;"
                                   " INSERT INTO items SELECT 1000000000000 + i::bigint * i * i * i, i::text FROM generate_series(1, 500) i;"
                                   " INSERT INTO items VALUES (-9223372036854775808, '1'), (9223372036854775807, '2'), (0, '3'); ANALYZE")
    segue.must("start", ground.file("items_number", _NUMBER), "--pace", "100", "--chunk-time", "50ms")
    require(ground.value(database, "SELECT count(*) || ' ' || count(weight) FROM public_items_number.items") == "513 513", "rows are left")
    require(ground.chunks(database) <= 6, f"{ground.chunks(database)} chunks")
    ground.server.drop(database)


def _killed(ground):
    """Killed at any moment, what was done is durable with how far it is, and resume does none of it again: in place and into a new table"""
    for strategy, table in (("in-place", "items"), ("rebuild", None)):
        database, segue = ground.fresh("CREATE TABLE items (id integer PRIMARY KEY, weight text NOT NULL, pad text) WITH (autovacuum_enabled = off);"
                                       " INSERT INTO items SELECT i, i::text, repeat('x', 300) FROM generate_series(1, 9000) i; ANALYZE", strategy)
        path = ground.file("items_number", _NUMBER)
        for wait in (400, 1500, 3000):
            process = segue.start("start", path, "--pace", "30", "--chunk-time", "1ms")
            wait_until(lambda: process.poll() is not None or _rows_done(ground, database) >= wait, "some rows", _PATIENCE)
            process.kill()
            process.communicate()
            wait_until(lambda: ground.value(database, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                            " AND application_name = 'segue'") == "0", "the killed one's session ends", _PATIENCE)
            filled = table or ground.value(database, "SELECT max(oid)::regclass FROM pg_class WHERE relname = 'items' AND relkind = 'r'")
            done, there = _rows_done(ground, database), int(ground.value(
                database, f"SELECT count(*) FROM {filled} WHERE _segue_1_weight = weight::integer"))
            require(wait <= done < 9000 and done == there, f"{done} rows are recorded, {there} are done ({strategy})")
        ground.run(database, f"CREATE TABLE seen AS SELECT id, xmin::text AS x FROM {filled} WHERE _segue_1_weight IS NOT NULL")
        segue.must("start", path, "--pace", "100")
        again = ground.value(database, "SELECT count(*) FROM seen JOIN items USING (id) WHERE items.xmin::text <> x")
        require(again == "0", f"{again} rows were written again")
        require(_rows_done(ground, database) == 9000, f"{_rows_done(ground, database)} rows were done in all")
        require(ground.value(database, "SELECT count(*) || ' ' || sum(weight) FROM public_items_number.items")
                == f"9000 {9000 * 9001 // 2}", "rows are lost or doubled")
        ground.server.drop(database)


def _rows_done(ground, database):
    return int(float(ground.value(database, "SELECT coalesce(sum(rows_done), 0) FROM segue.walks WHERE step LIKE 'backfill/%'")))


class _Writers:
    """Sessions that run a statement over and over, as fast as the machine can, until the with block ends."""

    def __init__(self, ground, database, *statements):
        self._stop = threading.Event()
        self.count = 0
        self.errors = []
        self._threads = [threading.Thread(target=self._write, args=(ground, database, sql)) for sql in statements]

    def _write(self, ground, database, sql):
        try:
            with ground.server.connect(database, options="-csearch_path=public_base,public") as connection:
                while not self._stop.is_set():
                    connection.execute(sql)
                    self.count += 1
        except Exception as error:  # told when the block ends
            self.errors.append(error)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()


_FLOOD = ("INSERT INTO items (id, weight) SELECT n, n::text FROM (SELECT nextval('numbers') n FROM generate_series(1, 50)) s",
          "INSERT INTO items (id, weight) SELECT n, n::text FROM (SELECT -nextval('numbers') n FROM generate_series(1, 50)) s")


def _flooded(ground, strategy):
    """The database, and how start ended while two sessions inserted without a rest."""
    database, segue = ground.fresh("CREATE SEQUENCE numbers START 100000; CREATE TABLE items (id bigint PRIMARY KEY, weight text NOT NULL);"
                                   " INSERT INTO items SELECT i, i::text FROM generate_series(1, 9000) i; ANALYZE", strategy)
    with _Writers(ground, database, *_FLOOD) as writers:
        before = writers.count
        # Not held back by what these sessions suffer from each other.
        result = segue.run("start", ground.file("items_number", _NUMBER), "--max-p95", "off", "--pace", "100", timeout=_PATIENCE)
        require(writers.count > before + 10, "nobody wrote meanwhile")
    require(not writers.errors, f"{writers.errors}")
    return database, segue, result


def _require_numbers(ground, database):
    wrong = ground.value(database, "SELECT count(*) FROM public_items_number.items WHERE weight IS DISTINCT FROM id")
    require(wrong == "0", f"{wrong} rows are wrong")
    done, there = _rows_done(ground, database), int(ground.value(database, "SELECT count(*) FROM items"))
    require(9000 <= done < there, f"{done} rows were walked of {there}")


def _flood(ground):
    """While two sessions insert as fast as they can, at both ends of the key, the backfill comes to its end, and no row is wrong"""
    database, _, result = _flooded(ground, "in-place")
    require(result.code == 0, str(result))
    _require_numbers(ground, database)
    ground.server.drop(database)


def _flood_outruns_a_rebuild(ground):
    """Two sessions can write faster than one can copy again: a rebuild gets through or says so, and goes on when they have ended"""
    database, segue, result = _flooded(ground, "rebuild")
    if result.code == RESUMABLE:
        require("written faster than its rows can be copied again" in result.text and "--strategy in-place" in result.text, str(result))
        result = segue.run("resume", "--max-p95", "off")
    require(result.code == 0, str(result))
    _require_numbers(ground, database)
    ground.server.drop(database)


_SPREAD = """
CREATE TABLE items (id text PRIMARY KEY, weight text NOT NULL, pad text) WITH (autovacuum_enabled = off);
INSERT INTO items SELECT md5(i::text), i::text, repeat('x', 500) FROM generate_series(1, 20000) i;
ANALYZE items;
"""


def _walk_of(segue, path):
    plan = segue.must("plan", path, "--json").json
    return next(step for step in find_key(plan, "steps") if step["phase"] == "backfill" and step["kind"] == "walk")


def _order(ground):
    """Rows are filled as they lie where the key has their order, or the table does not fit into memory; else by the key"""
    path = ground.file("items_number", _NUMBER)
    database, segue = ground.fresh(_SPREAD)
    require(not _walk_of(segue, path)["walk"].get("by_place"), "a spread key of a table in memory is not followed")
    ground.run(database, f"ALTER DATABASE {database} SET effective_cache_size = '4MB'")
    require(_walk_of(segue, path)["walk"]["by_place"], "a spread key of a table that does not fit into memory is followed")
    ground.run(database, f"ALTER DATABASE {database} RESET effective_cache_size; CREATE TABLE was AS SELECT * FROM items; TRUNCATE items;"
                         " INSERT INTO items SELECT * FROM was ORDER BY id; DROP TABLE was; ANALYZE items")
    require(_walk_of(segue, path)["walk"]["by_place"], "a key in the order of the rows is followed")
    ground.server.drop(database)


def _moving(ground):
    """Filled as they lie, rows that move meanwhile have their new shape where they go: updated, deleted and inserted, and killed at a chunk"""
    database, segue = ground.fresh(_SPREAD)
    ground.run(database, f"ALTER DATABASE {database} SET effective_cache_size = '4MB'")
    path = ground.file("items_number", _NUMBER)
    step = _walk_of(segue, path)
    require(step["walk"]["by_place"], "not by place")
    with _Writers(ground, database,
                  "UPDATE items SET pad = repeat('y', 500 + (random() * 200)::integer) WHERE id IN"
                  " (SELECT md5((random() * 20000)::integer::text) FROM generate_series(1, 20))",
                  "WITH gone AS (DELETE FROM items WHERE id = md5((random() * 20000)::integer::text) RETURNING *)"
                  " INSERT INTO items SELECT id, (weight::integer + 1)::text, pad FROM gone") as writers:
        segue.run("start", path, "--pace", "100", fault=f"{step['id']}/chunk-5:after:kill")
        segue.must("start", path, "--pace", "100", timeout=_PATIENCE)
    require(not writers.errors and writers.count > 20, f"{writers.count} {writers.errors}")
    wrong = ground.value(database, "SELECT count(*) FROM public_items_number.items n JOIN public_base.items o USING (id)"
                                   " WHERE n.weight IS DISTINCT FROM o.weight::integer")
    require(wrong == "0", f"{wrong} rows are wrong")
    ground.server.drop(database)


def _written_anew(ground):
    """VACUUM FULL while rows are filled as they lie moves them past the walk, which begins again: with a key and without"""
    for key in ("PRIMARY KEY", ""):
        database, segue = ground.fresh(_SPREAD.replace("PRIMARY KEY", key))
        ground.run(database, f"ALTER DATABASE {database} SET effective_cache_size = '4MB'; DELETE FROM items WHERE ctid < '(500,0)'::tid")
        path = ground.file("items_number", _NUMBER)
        step = _walk_of(segue, path)
        require(step["walk"].get("by_place") or not key, "not by place")
        require(segue.run("start", path, "--pace", "100", fault=f"{step['id']}/chunk-4:after:kill").code != 0, "not killed")
        wait_until(lambda: ground.value(database, "SELECT count(*) FROM pg_locks WHERE relation = 'items'::regclass") == "0", "its session", 20)
        require(int(ground.value(database, "SELECT last[1] FROM segue.walks WHERE last IS NOT NULL")) > 100, "too early")
        ground.run(database, "VACUUM FULL items")
        segue.must("start", path, "--pace", "100")
        left = ground.value(database, "SELECT count(*) FROM public_items_number.items WHERE weight IS NULL")
        require(left == "0", f"{left} rows are left")
        ground.server.drop(database)


_INDEXED = """
-- segue: up items.weight = weight::integer
-- segue: down items.weight = weight::text
ALTER TABLE items ALTER COLUMN weight TYPE integer USING weight::integer;
CREATE INDEX items_weight_pad ON items (weight, pad);
CREATE UNIQUE INDEX items_weight_id ON items (weight, id);
"""


def _indexes_of_copy(ground, database):
    return ground.value(database, "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                                  " WHERE c.relnamespace::regnamespace::text LIKE 'segue_rebuild%'") or ""


def _grown(ground):
    """A rebuild's indexes that are not unique grow with its chunks where others are at work, and are built in one piece where nobody is"""
    for busy in (True, False):
        database, segue = ground.fresh("CREATE TABLE items (id integer PRIMARY KEY, weight text NOT NULL, pad text);"
                                       " CREATE INDEX items_pad ON items (pad); CREATE INDEX items_weight ON items (weight);"
                                       " INSERT INTO items SELECT i, i::text, i % 7 FROM generate_series(1, 30000) i; ANALYZE", "rebuild")
        path = ground.file("items_indexed", _INDEXED)
        with _Writers(ground, database, *(["UPDATE items SET weight = weight || '' WHERE id = 30000"] if busy else [])) as writers:
            process = segue.start("start", path, "--max-p95", "100", "--pace", "1", "--chunk-time", "1ms")
            wait_until(lambda: process.poll() is not None or _rows_done(ground, database) > 0, "some rows", _PATIENCE)
            process.kill()
            process.communicate()
            done, there = _rows_done(ground, database), _indexes_of_copy(ground, database)
            require(done < 30000, "all rows were copied")
            grows = [name for name in there.split() if name != "items_pkey"]
            require(len(grows) == (4 if busy else 0) and "items_weight_id" not in there, f"{done} rows, indexes {there!r} (busy: {busy})")
            segue.must("start", path, "--pace", "100", "--max-p95", "100", timeout=_PATIENCE)
        require(not writers.errors, f"{writers.errors}")
        require(ground.value(database, "SELECT count(*) || ' ' || sum(weight) FROM public_items_indexed.items")
                == f"30000 {30000 * 30001 // 2}", "rows are lost or doubled")
        valid = ground.value(database, "SELECT count(*) FROM pg_index WHERE indrelid = 'items'::regclass AND indisvalid")
        require(valid == "6", f"{valid} indexes")
        segue.must("complete", "--force")
        valid = ground.value(database, "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid::regclass::text)"
                                       " FROM pg_index WHERE indrelid = 'items'::regclass AND indisvalid")
        require(valid == "items_pad items_pkey items_weight items_weight_id items_weight_pad", valid)
        ground.server.drop(database)


_PROMISES = [_grown, _by_time, _skew, _parts_of_pages, _huge, _gaps, _killed, _flood, _flood_outruns_a_rebuild, _order, _moving, _written_anew]
