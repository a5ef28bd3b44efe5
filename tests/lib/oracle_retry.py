"""What a gateway makes again unseen: the same, asked of the server itself, fails; what may not be made again fails through the gateway, too."""

import threading

from . import pq
from . import server as servers
from .gateway import Gateway
from .promises import Ground, promise_all
from .report import require
from .traffic import wait_until

_SCHEMA = """
CREATE TABLE counters (id integer PRIMARY KEY, n integer NOT NULL, who text);
INSERT INTO counters SELECT i, 0, '' FROM generate_series(1, 8) i;
CREATE TABLE shaped (id integer PRIMARY KEY, n integer);
INSERT INTO shaped VALUES (1, 10);
CREATE TABLE log (line text);
CREATE PROCEDURE twice() LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO log VALUES ('first'); COMMIT; UPDATE counters SET n = n + 1 WHERE id = 1; END $$;
"""
# The first time: true once a session waits for a lock. From then on at once. What it looks at is as of now, whatever the snapshot.
_ONCE_SOMEBODY_WAITS = """
CREATE SEQUENCE turns;
CREATE FUNCTION once_somebody_waits(integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('turns') = 1 THEN
        FOR i IN 1..3000 LOOP
            EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted);
            PERFORM pg_sleep(0.01);
        END LOOP;
    END IF;
    RETURN true;
END $$;
"""
_ADD = "UPDATE counters SET n = n + 1 WHERE id = 1"


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = servers.Server(base.bin_dir, {"deadlock_timeout": "300ms"})
    try:
        ground = _Ground(context, server)
        promise_all(context, server, context.further(base, _PROMISES, 3), ground)
    finally:
        server.stop()


class _Ground(Ground):
    """A database of its own for each promise."""

    def gateway(self, *arguments):
        database = self.server.create("retry")
        self.run(database, *[_SCHEMA])
        return _Through(self, database, Gateway(self.context.options.segue, self.server, *arguments, database=database))


class _Through:
    """The gateway, and what is asked through it or beside it."""

    def __init__(self, ground, database, gateway):
        self.ground, self.database, self.gateway = ground, database, gateway

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.gateway.stop()

    def straight(self):
        return self.ground.server.connect(self.database)

    def client(self, direct=False):
        made = self.straight() if direct else self.gateway.connect(self.database)
        made.execute("SET default_transaction_isolation = 'repeatable read'")
        return made

    def value(self, sql):
        return self.ground.value(self.database, sql)

    def meets(self, act, in_between=lambda other: None, direct=False, prepare=None, ready=None):
        """act(client), which waits for a row that somebody else changes (or has come as far as `ready` says); the SQLSTATE with which it ends, or None."""
        outcome = []
        with self.client(direct) as client, self.straight() as other:
            if prepare:
                prepare(client)
            other.execute(f"BEGIN; {_ADD}")
            thread = threading.Thread(target=lambda: outcome.append(_sqlstate(lambda: act(client))))
            thread.start()
            wait_until(ready or self._waits, "it waits for the row")
            in_between(other)
            other.execute("COMMIT")
            thread.join()
        return outcome[0]

    def _waits(self):
        return self.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") == "1"


def _sqlstate(act):
    try:
        act()
    except pq.DatabaseError as error:
        return error.sqlstate or str(error)
    return None


def _prepared(client):
    client.prepare("add", _ADD)


_WAYS = {
    "simple": (lambda client: client.execute(_ADD), None),
    "extended": (lambda client: client.rows("UPDATE counters SET n = n + $1 WHERE id = 1", "1"), None),
    "prepared": (lambda client: client.run_prepared("add"), _prepared),
}


def _serialization(ground):
    """A statement that could not be serialised is made again and succeeds, whichever way it was asked, where the server itself refuses it"""
    with ground.gateway() as through:
        for number, (name, (act, prepare)) in enumerate(_WAYS.items(), 1):
            direct = through.meets(act, direct=True, prepare=prepare)
            require(direct == "40001", f"{name}: the server itself says {direct}")
            said = through.meets(act, prepare=prepare)
            require(said is None, f"{name}: {said}")
            found = int(through.value("SELECT n FROM counters WHERE id = 1"))
            require(found == 3 * number, f"{name}: {found} of {3 * number} additions")


def _deadlock(ground):
    """The victim of a deadlock is made again"""
    # Row 2 is changed first, and row 1 once the other waits for 2. Who waits last finds the deadlock: the other has looked for none by then, and does so late.
    both = """WITH first AS (UPDATE counters SET n = n + 1, who = 'it' WHERE id = 2 RETURNING id)
        UPDATE counters SET n = n + 1, who = 'it' FROM first WHERE counters.id = 1 AND once_somebody_waits(first.id)"""

    def cross(other):
        other.execute("SET deadlock_timeout = '100s'")
        other.execute("UPDATE counters SET n = n + 1 WHERE id = 2")

    with ground.gateway() as through:
        with through.straight() as connection:
            connection.execute(_ONCE_SOMEBODY_WAITS)
        for direct, expected in ((True, "40P01"), (False, None)):
            through.ground.run(through.database, "SELECT setval('turns', 1, false)")
            said = through.meets(lambda client: client.execute(both), cross, direct=direct, ready=lambda: through.value("SELECT is_called FROM turns") == "t")
            require(said == expected, f"{'direct' if direct else 'through the gateway'}: {said}")
        require(through.value("SELECT who FROM counters WHERE id = 2") == "it", "it was not done")


def _plan(ground):
    """A prepared statement whose plan no longer fits is prepared anew, and the client is told the columns of now"""
    with ground.gateway() as through, through.gateway.connect(through.database) as client, through.straight() as straight:
        for one in (client, straight):
            one.prepare("all", "SELECT * FROM shaped")
            require(one.run_prepared("all") == [("1", "10")], "before")
            one.execute("SET work_mem = '5MB'")
        through.ground.run(through.database, "ALTER TABLE shaped ADD COLUMN more text DEFAULT 'new'")
        require(_sqlstate(lambda: straight.run_prepared("all")) == "0A000", "the server itself")
        require(client.run_prepared("all") == [("1", "10", "new")], "through the gateway")
        require(client.value("SHOW work_mem") == "5MB", "a setting is lost")


def _not_again(ground):
    """What is in a transaction of the client's, several statements, and what ends transactions by itself are told as the server tells them"""
    with ground.gateway() as through:
        refused = {
            "a transaction": lambda client: (client.execute("BEGIN"), client.execute("SELECT 1"), client.execute(_ADD)),
            "several statements": lambda client: client.execute(f"SELECT 1; {_ADD}"),
            "CALL": lambda client: client.execute("/* first */ CALL twice()"),
            "CALL, prepared": lambda client: client.run_prepared("call"),
        }
        for name, act in refused.items():
            before = int(through.value("SELECT count(*) FROM log"))
            said = through.meets(act, prepare=(lambda client: client.prepare("call", "/* x */ CALL twice()")) if name.endswith("prepared") else None)
            require(said == "40001", f"{name}: {said}")
            wanted = before + (1 if name.startswith("CALL") else 0)
            require(int(through.value("SELECT count(*) FROM log")) == wanted, f"{name}: made twice")
    with ground.gateway("--retries", "0") as through:
        require(through.meets(_WAYS["simple"][0]) == "40001", "--retries 0")


def _crowd(ground):
    """Of many who add to one row all the while, everybody who was told that it is done has added one; nobody else has"""
    def add(client, done):
        for _ in range(60):
            done.append(_sqlstate(lambda: client.execute(_ADD)))

    with ground.gateway("--retries", "20") as through:
        clients = [through.client() for _ in range(6)]
        done = []
        threads = [threading.Thread(target=add, args=(client, done)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for client in clients:
            client.close()
        require(set(done) <= {None, "40001"}, f"{set(done)}")
        found = int(through.value("SELECT n FROM counters WHERE id = 1"))
        require(found == done.count(None), f"{found} additions, {done.count(None)} were told")
        print(f"      [{ground.server.major}] {len(done)} asked, {len(done) - found} errors told")


_PROMISES = (_serialization, _deadlock, _plan, _not_again, _crowd)
