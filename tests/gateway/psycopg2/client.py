"""psycopg2: transactions, savepoints, server-side cursors, COPY both ways, errors, cancel, NOTIFY."""
import io
import select
import threading

import psycopg2
import psycopg2.extras

db = psycopg2.connect("")
with db, db.cursor() as cur:
    cur.execute("CREATE TABLE items (id int PRIMARY KEY, name text, data bytea, tags text[])")
    psycopg2.extras.execute_values(cur, "INSERT INTO items VALUES %s", [(i, f"item {i}", bytes([i % 256]) * i, [str(i), None]) for i in range(500)])
try:
    with db, db.cursor() as cur:
        cur.execute("DELETE FROM items")
        cur.execute("INSERT INTO items (id) VALUES (1), (1)")
except psycopg2.IntegrityError as error:
    print(error.pgcode, error.diag.constraint_name, error.diag.message_detail)
with db, db.cursor() as cur:
    cur.execute("SAVEPOINT s")
    try:
        cur.execute("SELECT 1/0")
    except psycopg2.Error as error:
        print(error.pgcode)
        cur.execute("ROLLBACK TO s")
    cur.execute("SELECT count(*), sum(length(data)) FROM items")
    print(cur.fetchone())
with db, db.cursor("held") as cur:
    cur.itersize = 50
    cur.execute("SELECT i, repeat('z', 1000) FROM generate_series(1, 2000) i")
    print(sum(len(text) + number for number, text in cur))
with db, db.cursor() as cur:
    cur.copy_expert("COPY items (id, name) FROM STDIN", io.StringIO("".join(f"{i}\tcopied\n" for i in range(1000, 20000))))
    out = io.StringIO()
    cur.copy_expert("COPY (SELECT * FROM items ORDER BY id) TO STDOUT (FORMAT csv)", out)
    print(len(out.getvalue()), hash(out.getvalue()) is not None, out.getvalue()[-40:])
    big = "ü" * 3000000
    cur.execute("SELECT %s", (big,))
    print(cur.fetchone()[0] == big)
with db.cursor() as cur:
    threading.Timer(0.3, db.cancel).start()
    try:
        cur.execute("SELECT pg_sleep(60)")
    except psycopg2.errors.QueryCanceled as error:
        print(error.pgcode)
db.rollback()
db.autocommit = True
with db.cursor() as cur:
    cur.execute("LISTEN news; NOTIFY news, 'from myself'")
    while not db.notifies:
        select.select([db], [], [], 30)
        db.poll()
    print(db.notifies[0].channel, db.notifies[0].payload)
    cur.execute("SHOW search_path")
    print(cur.fetchone(), db.get_parameter_status("server_encoding"), db.server_version)
db.close()
