"""psycopg 3 at steady work: statements prepared at once and at the fifth time, pipelines with and without errors, binary COPY, asynchronous."""
import asyncio

import psycopg
import work


def session(worker, **more):
    return psycopg.connect(application_name=worker.mode, autocommit=True, **more)


def rounds_of(worker, db, binary=False):
    cur = db.cursor(binary=binary)
    for _ in worker.rounds():
        worker.visited(cur.execute(work.VISIT.format("%s"), (worker.id,)).fetchone()[0])
        cur.execute(work.LEDGER.format("%s"), (worker.mode,))
        worker.check(cur.execute(work.ROW + "%s", (worker.id,)).fetchone())


def prepared(worker):
    rounds_of(worker, session(worker, prepare_threshold=0))


def prepared_later(worker):
    rounds_of(worker, session(worker), binary=True)


def client_side(worker):
    rounds_of(worker, session(worker, cursor_factory=psycopg.ClientCursor))


def pipelines(worker):
    db = session(worker, prepare_threshold=3)
    for _ in worker.rounds():
        with db.pipeline(), db.transaction():
            visit = db.execute(work.VISIT.format("%s"), (worker.id,))
            for _ in range(5):
                db.execute(work.LEDGER.format("%s"), (worker.mode,))
            row = db.execute(work.ROW + "%s", (worker.id,))
        worker.visited(visit.fetchone()[0], 5)
        worker.check(row.fetchone())


def aborted_pipelines(worker):
    db = session(worker)
    for _ in worker.rounds():
        try:
            with db.pipeline() as pipeline:
                db.execute("SELECT 1")
                pipeline.sync()
                db.execute("DELETE FROM ledger WHERE mode = %s", (worker.mode,))
                db.execute("SELECT nothing")
                db.execute("SELECT 2")
            raise AssertionError("no error")
        except psycopg.errors.UndefinedColumn:
            pass
        worker.visited(db.execute(work.VISIT.format("%s"), (worker.id,)).fetchone()[0])
        db.execute(work.LEDGER.format("%s"), (worker.mode,))


def copies(worker):
    db = session(worker)
    cur = db.cursor()
    for _ in worker.rounds():
        with db.transaction():
            with cur.copy("COPY ledger (mode) FROM STDIN (FORMAT binary)") as copy:
                for _ in range(5):
                    copy.write_row((worker.mode,))
            cur.execute(work.VISIT.format("%s"), (worker.id,))
        worker.visited(cur.fetchone()[0], 5)
        with cur.copy(f"COPY ({work.ROW}{worker.id}) TO STDOUT (FORMAT binary)") as copy:
            copy.set_types(["int4", "int4", "text", "numeric", "timestamptz", "bytea"])
            worker.check(copy.read_row())
            assert copy.read_row() is None


async def _asynchronous(worker):
    async with await psycopg.AsyncConnection.connect(application_name=worker.mode, autocommit=True, prepare_threshold=2) as db:
        for _ in worker.rounds():
            async with db.transaction():
                visit = await db.execute(work.VISIT.format("%s"), (worker.id,))
                await db.execute(work.LEDGER.format("%s"), (worker.mode,))
            worker.visited((await visit.fetchone())[0])
            worker.check(await (await db.execute(work.ROW + "%s", (worker.id,))).fetchone())


def asynchronous(worker):
    asyncio.run(_asynchronous(worker))


work.run({"prepared": prepared, "prepared later": prepared_later, "client side": client_side, "pipelines": pipelines,
            "aborted pipelines": aborted_pipelines, "copies": copies, "asynchronous": asynchronous})
