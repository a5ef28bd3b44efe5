"""psycopg 3: statements that it prepares by itself, pipelines, binary COPY, transactions in transactions, asynchronous sessions, cancel."""
import asyncio
import threading

import psycopg

with psycopg.connect("", autocommit=True, prepare_threshold=2) as db:
    db.execute("CREATE TABLE items (id int PRIMARY KEY, name text, price numeric, at timestamptz)")
    with db.cursor() as cur:
        cur.executemany("INSERT INTO items VALUES (%s, %s, %s, %s)", [(i, f"item {i}", i / 4, "2026-11-22 10:00+00") for i in range(500)])
    for i in range(10):
        print(db.execute("SELECT name, price FROM items WHERE id = %s", (i * 7,)).fetchone(), end=" ")
    print()
    with db.transaction():
        try:
            with db.transaction():
                db.execute("INSERT INTO items (id) VALUES (1)")
        except psycopg.errors.UniqueViolation as error:
            print(error.sqlstate, error.diag.constraint_name)
        db.execute("UPDATE items SET name = 'changed' WHERE id = 2")
    with db.pipeline() as pipeline:
        cursors = [db.execute("SELECT %s::int + 1", (i,)) for i in range(300)]
        pipeline.sync()
        print(sum(cur.fetchone()[0] for cur in cursors))
    try:
        with db.pipeline():
            db.execute("SELECT 1")
            db.execute("SELECT nothing")
            db.execute("SELECT 2")
    except psycopg.Error as error:
        print(type(error).__name__, error.sqlstate)
    with db.cursor() as cur:
        with cur.copy("COPY items (id, name) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["int4", "text"])
            for i in range(1000, 9000):
                copy.write_row((i, f"copied {i}"))
        with cur.copy("COPY (SELECT * FROM items ORDER BY id) TO STDOUT") as copy:
            print(sum(len(block) for block in copy))
        try:
            with cur.copy("COPY items (id, name) FROM STDIN") as copy:
                copy.write("1\tagain\n")
        except psycopg.Error as error:
            print(error.sqlstate)
        print(len(cur.execute("SELECT repeat('w', 8000000)", binary=True).fetchone()[0]))
        threading.Timer(0.3, db.cancel_safe).start()
        try:
            cur.execute("SELECT pg_sleep(60)")
        except psycopg.errors.QueryCanceled as error:
            print(error.sqlstate)
        print(cur.execute("SELECT count(*), sum(price) FROM items").fetchone())


async def one(number):
    async with await psycopg.AsyncConnection.connect("") as db:
        rows = []
        for i in range(20):
            rows.append((await (await db.execute("SELECT %s::int * %s", (number, i))).fetchone())[0])
        return sum(rows)


async def all_of_them():
    print(sum(await asyncio.gather(*(one(number) for number in range(20)))))

asyncio.run(all_of_them())
