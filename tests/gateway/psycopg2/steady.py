"""psycopg2 at steady work: plain statements, transactions, cursors of the server's, COPY both ways, many values at once."""
import io

import psycopg2
import psycopg2.extras
import work


def session(worker):
    db = psycopg2.connect(application_name=worker.mode)
    return db, db.cursor()


def plain(worker):
    db, cur = session(worker)
    db.autocommit = True
    for _ in worker.rounds():
        cur.execute(work.VISIT.format("%s"), (worker.id,))
        worker.visited(cur.fetchone()[0])
        cur.execute(work.LEDGER.format("%s"), (worker.mode,))
        cur.execute(work.ROW + "%s", (worker.id,))
        worker.check(cur.fetchone())


def transactions(worker):
    db, cur = session(worker)
    for _ in worker.rounds():
        with db:
            cur.execute(work.VISIT.format("%s"), (worker.id,))
            cur.execute("SAVEPOINT s")
            cur.execute("DELETE FROM ledger WHERE mode = %s", (worker.mode,))
            cur.execute("ROLLBACK TO s")
            cur.execute(work.LEDGER.format("%s"), (worker.mode,))
            cur.execute(work.ROW + "%s", (worker.id,))
            row = cur.fetchone()
        worker.visited(row[1])
        worker.check(row)


def cursors(worker):
    db, cur = session(worker)
    for _ in worker.rounds():
        with db, db.cursor("of_the_server") as many:
            many.itersize = 40
            many.execute("SELECT id FROM users WHERE id > 1000 ORDER BY id LIMIT 200")
            assert [row[0] for row in many] == list(range(1001, 1201))
            cur.execute(work.VISIT.format("%s"), (worker.id,))
            worker.visited(cur.fetchone()[0])
            cur.execute(work.LEDGER.format("%s"), (worker.mode,))


def copies(worker):
    db, cur = session(worker)
    db.autocommit = True
    for _ in worker.rounds():
        cur.copy_expert("COPY ledger (mode) FROM STDIN", io.StringIO(f"{worker.mode}\n" * 5))
        cur.execute(work.VISIT.format("%s"), (worker.id,))
        worker.visited(cur.fetchone()[0], 5)
        out = io.StringIO()
        cur.copy_expert(f"COPY ({work.ROW}{worker.id}) TO STDOUT (FORMAT csv)", out)
        assert out.getvalue().startswith(f"{worker.id},{worker.visits},note of {worker.id}: äöü,"), out.getvalue()


def values(worker):
    _, cur = session(worker)
    for _ in worker.rounds():
        psycopg2.extras.execute_values(cur, "INSERT INTO ledger (mode) VALUES %s", [(worker.mode,)] * 7)
        visits = psycopg2.extras.execute_values(cur, "UPDATE users SET visits = visits + v.n FROM (VALUES %s) v (id, n)"
                                                " WHERE users.id = v.id RETURNING visits", [(worker.id, 1)], fetch=True)
        cur.connection.commit()
        worker.visited(visits[0][0], 7)


work.run({"plain": plain, "transactions": transactions, "cursors": cursors, "copies": copies, "values": values})
