"""Where a gateway's two streams could come apart: what a server says in several breaths, or between two answers, is told whole, once and in order, whatever the gateway
is about to do with it."""

import contextlib
import os

from . import frontend as fe
from . import server as servers
from .cut_wire import CutWire
from .gateway import Gateway
from .promises import Ground, promise_all
from .report import require
from .traffic import wait_until

_SCHEMA = """
CREATE TABLE counters (id integer PRIMARY KEY, n integer NOT NULL);
INSERT INTO counters VALUES (1, 0), (2, 0);
CREATE SEQUENCE tries;
CREATE TABLE guarded (id integer);
CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not here'; END $$;
CREATE TRIGGER guard BEFORE INSERT ON guarded FOR EACH STATEMENT EXECUTE FUNCTION refuses();
CREATE FUNCTION conflicts() RETURNS integer LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'it cannot be serialised' USING ERRCODE = '40001'; END $$;
-- Of two tries the first.
CREATE FUNCTION conflicts_once() RETURNS bigint LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock(1); IF nextval('tries') % 2 = 1 THEN RAISE EXCEPTION 'it cannot be serialised' USING ERRCODE = '40001'; END IF; RETURN 7; END $$;
CREATE TABLE wide AS SELECT i AS id, repeat(chr(65 + i % 26), 5000) AS body FROM generate_series(1, 4000) i;
"""
_ADD = "UPDATE counters SET n = n + 1 WHERE id = 1"
_CONFLICT = b"C40001\0"


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = servers.Server(base.bin_dir)
    try:
        promise_all(context, server, context.further(base, _PROMISES, 3), _Ground(context, server))
    finally:
        server.stop()


class _Ground(Ground):
    """A database of its own for each promise, and a wire that can be cut between the server and the gateway."""

    def behind_wire(self, *arguments):
        return _Through(self, *arguments)


class _Through:
    """The gateway, the wire behind it, and the database. Ends with the with block."""

    def __init__(self, ground, *arguments):
        self.ground = ground
        self.database, self.segue = ground.made("seams", _SCHEMA)
        self.direct = os.path.join(ground.server.folder, f".s.PGSQL.{servers.PORT}")
        self.wire = CutWire(ground.server)
        self.gateway = Gateway(ground.context.options.segue, ground.server, *arguments, url=self.wire.url(self.database))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.gateway.stop()
        self.wire.__exit__()

    def client(self):
        made = fe.Frontend(self.gateway.address)
        made.begin(database=self.database)
        return made

    def straight(self):
        return self.ground.server.connect(self.database)

    def start(self, sql):
        self.segue.must("start", self.ground.file("0001_more", sql))

    def value(self, sql):
        return self.ground.value(self.database, sql)


def _kinds(answers):
    return "".join(kind for kind, _ in answers)


def _pipelined_behind_error(ground):
    """A client that sends its next request while the end of an error's answer is on its way is told the error, and what it asks afterwards is done once"""
    with ground.behind_wire() as through, through.client() as client:
        cut = through.wire.stop(_CONFLICT, behind=True)
        client.send(fe.query("SELECT conflicts()"))
        cut.reached()
        client.send(fe.query("SELECT 2"))
        wait_until(lambda: through.value("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT 2'") == "1", "the second was asked")
        cut.go()
        said = client.until("Z") + client.until("Z")
        require(_kinds(said) == "TEZTDCZ", f"{said}")
        client.ask(_ADD)
        found = through.value("SELECT n FROM counters WHERE id = 1")
        require(found == "1", f"one addition was done {found} times")


def _error_before_the_end(ground):
    """An error that might have been made good is told when the server goes before it can be"""
    with ground.behind_wire() as through, through.client() as client:
        cut = through.wire.stop(_CONFLICT, behind=True)
        client.send(fe.query("SELECT conflicts()"))
        cut.reached()
        cut.hang_up()
        said = client.until("Z")
        require(_kinds(said) == "TE", f"{said}")


def _notified_meanwhile(ground):
    """A notification that comes with an answer that is not told, because the request is made again, is told"""
    with ground.behind_wire() as through, through.client() as client, through.straight() as other:
        client.ask("LISTEN word")
        other.execute("SELECT pg_advisory_lock(1)")
        client.send(fe.query("SELECT conflicts_once()"))
        wait_until(lambda: through.value("SELECT count(*) FROM pg_locks WHERE NOT granted") == "1", "it waits")
        other.execute("NOTIFY word, 'heard'; SELECT pg_advisory_unlock(1)")
        said = client.until("Z")
        require(_kinds(said) == "ATDCZ", f"{said}")
        require(b"heard" in said[0][1], f"{said}")


def _in_the_midst(ground):
    """Where a session is ended in the midst of a message, nothing is told that could be read as a part of it"""
    with ground.behind_wire("--drain", "100ms") as through, through.client() as client:
        cut = through.wire.stop(b"B" * 5000)
        client.send(fe.query("SELECT body FROM wide ORDER BY id"))
        cut.reached()
        cut.pass_part(1000)
        through.gateway.process.terminate()
        heard = client.rest()
        require(heard.endswith(b"B" * 900) and b"57P01" not in heard, f"{heard[-200:]}")


def _said_behind_the_question(ground):
    """What the server says by itself, in two breaths, right behind what a session holds, is the client's: of a session that stays, and LISTENs"""
    with ground.behind_wire() as through:
        through.start("ALTER TABLE counters ADD COLUMN more integer;\n")
        with through.client() as client, through.straight() as other:
            client.ask("LISTEN word")
            cut = through.wire.stop(b"\0\5stays")
            through.segue.must("ramp", "100")
            cut.reached()
            other.execute("NOTIFY word, 'heard'")
            cut.pass_part(10, b"Z\0\0\0\5I")
            client.send(fe.query("SELECT 1"))
            wait_until(lambda: through.value("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT 1'") == "1", "it is asked")
            cut.go()
            said = client.until("Z")
            require(_kinds(said) == "ATDCZ" and b"heard" in said[0][1], f"{said}")


_BATCHES = {
    "a query behind what has failed": (fe.parse("SELECT nothing"), fe.bind(), fe.execute(), fe.query("SELECT 1"), fe.SYNC),
    "a query that fails behind what has not": (fe.parse("SELECT 1"), fe.bind(), fe.execute(), fe.query("SELECT nothing"), fe.SYNC),
    "COPY with a Sync that is ignored": (fe.parse("COPY counters FROM STDIN"), fe.bind(), fe.execute(), fe.SYNC, fe.copy_data(b"10\t1\n"),
                                         fe.COPY_DONE, fe.SYNC),
    "COPY with many": (fe.parse("COPY counters FROM STDIN"), fe.bind(), fe.execute(), fe.SYNC * 3, fe.copy_data(b"10\t1\n"), fe.COPY_DONE,
                       fe.SYNC * 2),
    "COPY with its Sync behind the data": (fe.parse("COPY counters FROM STDIN"), fe.bind(), fe.execute(),
                                           fe.copy_data(b"10\t1\n"), fe.COPY_DONE, fe.SYNC),
    "COPY that is given up": (fe.parse("COPY counters FROM STDIN"), fe.bind(), fe.execute(), fe.SYNC, fe.copy_fail("no"), fe.SYNC),
    "COPY that fails before its data": (fe.parse("COPY guarded FROM STDIN"), fe.bind(), fe.execute(), fe.SYNC, fe.copy_data(b"1\n"), fe.COPY_DONE,
                                        fe.SYNC),
}


def _to_the_end(client):
    said = [client.read()]
    while said[-1] and b"the end" not in said[-1][1]:
        said.append(client.read())
    return said + client.until("Z")


def _between_again(ground):
    """Whatever the server ignores of a batch, its session is afterwards known to be between two transactions: a gateway that ends waits for none of them"""
    with ground.behind_wire("--drain", "60s") as through, contextlib.ExitStack() as stack:
        for name, batch in _BATCHES.items():
            said = []
            for address in (through.gateway.address, through.direct):
                client = stack.enter_context(fe.Frontend(address))
                client.begin(database=through.database)
                client.send(*batch, fe.query("SELECT 'the end'"))
                said.append(_to_the_end(client))
                through.ground.run(through.database, "DELETE FROM counters WHERE id = 10")
            require(said[0] == said[1], f"{name}: {said}")
        through.gateway.process.terminate()
        through.gateway.process.wait(timeout=20)


_PROMISES = (_pipelined_behind_error, _error_before_the_end, _notified_meanwhile, _in_the_midst, _said_behind_the_question, _between_again)
