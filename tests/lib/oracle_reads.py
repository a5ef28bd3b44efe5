"""segue ramp --reads through a gateway: reads outside of transactions go to the other version in their share, nothing else does, and no client notices."""

import os
import re
import shutil
import subprocess
import threading

from . import frontend as fe
from . import server as servers
from .oracle_ramp import NEW, OLD, RampGround
from .promises import promise_all
from .report import require
from .traffic import wait_until

# The first schema of the search path is the version.
_WHERE = "SELECT current_schema()"
_ROUNDS = 300
_TRAFFIC = r"""
\set id random(1, 2000)
SELECT id, visits FROM users WHERE id = :id;
UPDATE users SET visits = visits + 1 WHERE id = :id;
SELECT visits FROM users WHERE id = :id;
"""


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = servers.Server(base.bin_dir, {"max_connections": "300"})
    try:
        with RampGround(context, server) as ground:
            promise_all(context, server, context.further(base, _PROMISES, 3, slow=True), ground)
    finally:
        server.stop()


def _to(ground, share):
    ground.segue.must("ramp", "--force", "--reads", "--json", str(share))


def _there(ask, version=NEW):
    """Until a read is answered by the version."""
    wait_until(lambda: ask() == version, f"a read is answered by {version}")


def _share(ground):
    """Half of the reads are half of them, asked simply, with parameters, and prepared before anybody wanted to know"""
    with ground.client() as client:
        client.prepare("where", _WHERE)
        for name, ask in {"simple": lambda: client.value(_WHERE),
                          "extended": lambda: client.value("SELECT current_schema() WHERE 1 = $1", "1"),
                          "prepared": lambda: client.run_prepared("where")[0][0]}.items():
            _to(ground, 0)
            require(ask() == OLD, f"{name}: without a share")
            _to(ground, 50)
            _there(ask)
            there = sum(ask() == NEW for _ in range(_ROUNDS))
            require(_ROUNDS * 0.35 < there < _ROUNDS * 0.65, f"{name}: {there} of {_ROUNDS}")


def _nothing_else(ground):
    """What writes, calls what is volatile, or stands in a transaction is answered by the session's own version, with all reads on the other"""
    _to(ground, 100)
    with ground.client() as client:
        _there(lambda: client.value(_WHERE))
        for sql in ("UPDATE users SET visits = 0 WHERE id = 1 RETURNING current_schema()", "SELECT current_schema() FROM users WHERE id = 1 FOR UPDATE",
                    "SELECT current_schema() || nextval('numbers')", "WITH w AS (UPDATE users SET visits = 0 WHERE id = 1) SELECT current_schema()",
                    "SELECT current_schema(), shape(1)", "SHOW search_path", "BEGIN; SELECT current_schema(); COMMIT; SELECT current_schema()"):
            said = client.rows(sql)[-1][0]
            require(OLD in said, f"{sql}: {said}")
        client.execute("BEGIN")
        require(client.value(_WHERE) == OLD, "in a transaction")
        client.execute("COMMIT")
        _there(lambda: client.value(_WHERE))


def _own_writes(ground):
    """A session reads on the other version what it has just written on its own, every time"""
    _to(ground, 100)
    with ground.client() as client:
        read = "SELECT visits, current_schema() FROM users WHERE id = 9"
        client.execute("UPDATE users SET visits = 0 WHERE id = 9")
        _there(lambda: client.rows(read)[0][1])
        there = 0
        for number in range(1, 200):
            client.execute("UPDATE users SET visits = visits + 1 WHERE id = 9")
            visits, version = client.rows(read)[0]
            require(visits == str(number), f"{visits} after {number} ({version})")
            there += version == NEW
        require(there > 150, f"{there} of 199 were read there")


def _holds(ground):
    """Settings, roles and prepared statements of now hold for reads on the other version, whenever they were made"""
    _to(ground, 100)
    with ground.client() as client:
        instant = "SELECT '2026-01-01 00:00+00'::timestamptz::text, current_schema()"
        _there(lambda: client.rows(instant)[0][1])
        for zone, said in (("Asia/Tokyo", "2026-01-01 09:00:00+09"), ("UTC", "2026-01-01 00:00:00+00"), ("Asia/Kolkata", "2026-01-01 05:30:00+05:30")):
            client.execute(f"SET TimeZone = '{zone}'")
            require(client.rows(instant)[0][0] == said, f"{zone}: at once")
            _there(lambda: client.rows(instant)[0][1])
            require(client.rows(instant) == [(said, NEW)], f"{zone}: {client.rows(instant)}")
        for number in range(3):
            client.prepare("of_now", f"SELECT {number}, current_schema()")
            require(client.run_prepared("of_now")[0][0] == str(number), "another statement of that name")
            _there(lambda: client.run_prepared("of_now")[0][1])
            require(client.run_prepared("of_now") == [(str(number), NEW)], "another statement of that name, there")
            client.execute("DEALLOCATE of_now")
        client.execute("CREATE TEMP TABLE users (mine integer)")
        for _ in range(20):
            require(client.rows("SELECT * FROM users") == [], "its temporary table")


def _lacking(ground):
    """A prepared statement that speaks of what the new version does not have keeps only its own reads at home"""
    _to(ground, 100)
    with ground.client() as client:
        client.prepare("of_old", "SELECT first_name, current_schema() FROM users WHERE id = $1")
        client.prepare("of_both", "SELECT visits, current_schema() FROM users WHERE id = $1")
        client.execute("PREPARE of_sql AS SELECT first_name FROM users")
        _there(lambda: client.run_prepared("of_both", "3")[0][1])
        for number in range(1, 30):
            require(client.run_prepared("of_old", str(number)) == [(f"First{number}", OLD)], "what the new version does not have")
            require(client.run_prepared("of_both", str(number))[0][1] == NEW, "what both have")
    require(ground.value(ground.database, "SELECT tripped FROM segue.ramps") is None, "a statement that could not be prepared counts as an error")


def _remembered(ground):
    """A client that does not ask for columns again gets those that it knows; one that asks gets the other version's"""
    _to(ground, 100)
    with fe.Frontend(ground.gateway.address) as client:
        client.begin(database=ground.database)

        def width(*more, name="all"):
            client.send(fe.bind(name=name), *more, fe.execute(), fe.message("S"))
            return int.from_bytes(dict(client.until("Z"))["D"][:2], "big")
        client.send(fe.parse("SELECT * FROM users WHERE id = 3", "all"), fe.message("S"))
        client.until("Z")
        wait_until(lambda: width(fe.describe()) == 3, "the other version's columns, which were asked for")
        for _ in range(50):
            require(width() == 4, "other columns than the client knows")
            require(width(fe.describe()) == 3, "a read that may go there stays")


def _remembered_alike(ground):
    """A client that does not ask for columns again reads on the other version what has the same columns there, and only that, also when it prepares more"""
    _to(ground, 100)
    statements = {"all": "SELECT * FROM users WHERE id = 3", "old": "SELECT first_name FROM users WHERE id = 3",
                  "typed": "SELECT id::bigint, current_schema() FROM users WHERE id = 3", "alike": "SELECT id, current_schema() FROM users WHERE id = $1"}
    with fe.Frontend(ground.gateway.address) as client:
        client.begin(database=ground.database)

        def prepare(name, sql):
            client.send(fe.parse(sql, name), fe.describe("S", name), fe.message("S"))
            client.until("Z")

        def read(name, *values):
            client.send(fe.bind(*values, name=name), fe.execute(), fe.message("S"))
            return b"".join(body for kind, body in client.until("Z") if kind in "DE")
        for name, sql in statements.items():
            prepare(name, sql)
        wait_until(lambda: NEW.encode() in read("alike", "3"), "what has the same columns is read there")
        for number in range(30):
            require(NEW.encode() in read("alike", "3") and NEW.encode() in read("typed"), "what may go there stays")
            require(read("all")[:2] == b"\0\4" and b"First3" in read("old"), "other columns than the client knows")
            if number % 10 == 9:
                prepare(f"more{number}", f"SELECT current_schema(), {number}")
                wait_until(lambda number=number: NEW.encode() in read(f"more{number}"), "a later one is read there")


def _unnamed(ground):
    """The unnamed statement that was parsed on the other version can be bound again, wherever that is answered"""
    _to(ground, 100)
    with fe.Frontend(ground.gateway.address) as client:
        client.begin(database=ground.database)
        for round_ in range(20):
            client.send(fe.parse(f"SELECT current_schema(), {round_}"), fe.bind(), fe.describe(), fe.execute(), fe.message("S"))
            first = client.until("Z")
            for begin in (False, True):
                if begin:
                    client.ask("BEGIN")
                    client.send(fe.parse("SELECT 1"), fe.message("S"))
                    client.until("Z")
                    client.ask("COMMIT")
                    client.send(fe.parse(f"SELECT current_schema(), {round_}"), fe.bind(), fe.describe(), fe.execute(), fe.message("S"))
                    client.until("Z")
                client.send(fe.bind(), fe.execute(), fe.message("S"))
                again = client.until("Z")
                kinds = "".join(kind for kind, _ in again)
                require(kinds == "2DCZ", f"round {round_}: {again}")
                require(f"{round_}".encode() in dict(again)["D"], f"round {round_}: {again}")
            require("E" not in dict(first), f"{first}")


def _fails(ground):
    """What the new version cannot answer is answered by the current one, unseen, and the breaker takes the reads back"""
    _to(ground, 100)
    with ground.client() as client:
        _there(lambda: client.value(_WHERE))
        for number in range(1, 200):
            require(client.value(f"SELECT first_name FROM users WHERE id = {number}") == f"First{number}", f"row {number}")
    wait_until(lambda: ground.value(ground.database, "SELECT tripped FROM segue.ramps") is not None, "the breaker's reason is written")
    ground.segue.must("ramp", "--force", "0")


def _pipelines(ground):
    """A client that does not wait for answers gets them in order"""
    _to(ground, 60)
    with ground.client() as client:
        _there(lambda: client.value(_WHERE))
        for _ in range(20):
            batches = [[("SELECT $1::text, current_schema()", (str(number),))] for number in range(30)]
            require([rows[0][0] for rows in client.pipeline(*batches)] == [str(number) for number in range(30)], "the answers' order")


def _unnoticed(ground):
    """pgbench (simple, extended, prepared) does not notice that its reads go to and fro, nor the migration's completion"""
    _to(ground, 0)
    ground.run(ground.database, "UPDATE users SET visits = 0")
    script = ground.file("reads", _TRAFFIC)
    program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
    runs = [subprocess.Popen([program, "-n", "-f", script, "-M", mode, "-c", "4", "-T", "10", "-R", "200"],
                             env=ground.gateway.environment(ground.database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for mode in ("simple", "extended", "prepared")]
    said = []
    reader = threading.Thread(target=lambda: said.extend(run.communicate()[0] for run in runs))
    reader.start()
    for share in (20, 100, 50):
        _to(ground, share)
    ground.ramp(50)
    ground.segue.must("complete", "--force")
    reader.join()
    done = 0
    for run, text in zip(runs, said):
        require(run.returncode == 0 and "number of failed transactions: 0 " in text, text[-2000:])
        done += int(re.search(r"actually processed: (\d+)", text)[1])
    require(int(ground.value(ground.database, "SELECT sum(visits) FROM users")) == done, f"{done} transactions")


# The last one ends the migration.
_PROMISES = (_share, _nothing_else, _own_writes, _holds, _lacking, _remembered, _remembered_alike, _unnamed, _fails, _pipelines, _unnoticed)
