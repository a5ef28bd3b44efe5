"""segue ramp through a gateway: sessions move between versions with all that they hold, those that cannot stay, and no client notices."""

import contextlib
import json
import os
import re

from . import frontend as fe
from . import gateway_clients
from . import gateway_lives
from . import server as servers
from . import steady
from .gateway import Gateway
from .promises import Ground, promise_all
from .report import require
from .traffic import wait_until

SCHEMA = """
CREATE TABLE users (id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, visits integer NOT NULL DEFAULT 0);
INSERT INTO users SELECT i, 'First' || i, 'Last' || i, 0 FROM generate_series(1, 2000) i;
CREATE SEQUENCE numbers;
CREATE FUNCTION shape(user_id integer) RETURNS text LANGUAGE plpgsql AS
    $$ DECLARE r users%ROWTYPE; BEGIN SELECT * INTO r FROM users WHERE id = user_id; RETURN row_to_json(r)::text; END $$;
"""
MIGRATION = """
-- segue: up   users.full_name  = first_name || ' ' || last_name
-- segue: down users.first_name = split_part(full_name, ' ', 1)
-- segue: down users.last_name  = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;
"""
_PRIVILEGES = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "privileges.md")
TOLERANT = ("--breaker-p95", "300")
OLD, NEW = "public_base", "public_0001_names"


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = servers.Server(base.bin_dir, {"max_connections": "500"})
    try:
        with RampGround(context, server) as ground:
            promise_all(context, server, context.further(base, _PROMISES, 3, slow=True), ground)
    finally:
        server.stop()


class RampGround(Ground):
    """A database with both versions live, and a gateway before it."""

    def __init__(self, context, server, *more):
        super().__init__(context, server)
        self.database, self.segue = self.made("ramp", SCHEMA, *more)
        self.gateway = self.opened()
        try:
            self.segue.must("start", self.file("0001_names", MIGRATION))
        except BaseException:
            self.gateway.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.gateway.stop()

    def opened(self):
        # What a busy machine makes of a few milliseconds is no reason to leave a version.
        return Gateway(self.context.options.segue, self.server, "--breaker-p95", "300", database=self.database)

    def client(self, more=""):
        return self.gateway.connect(self.database, more=more)

    def ramp(self, share):
        return json.loads(self.segue.must("ramp", "--json", str(share)).out)

    def on(self, share):
        """What the gateway says of its sessions with that share."""
        gateways = self.ramp(share)["gateways"]
        require(len(gateways) == 1, f"{gateways}")
        return gateways[0]["sessions"]

    @staticmethod
    def version(client):
        path = client.value("SHOW search_path")
        return next((name for name in (NEW, OLD) if name in path), path)

    def make_roles(self):
        """Those of docs/privileges.md for gateways, with no more rights than it says."""
        with open(_PRIVILEGES, encoding="utf-8") as file:
            block = re.search(r"## Gateway.*?```sql\n(.*?)```", file.read(), re.S)[1]
        self.run(self.database, *[statement for statement in block.split(";") if statement.strip()])

    def moved(self, client, version):
        wait_until(lambda: self.version(client) == version, f"the session is on {version}")


def _carries(ground):
    """A session that moves takes its settings, its role and both kinds of prepared statements along, and back"""
    ground.ramp(0)
    with ground.client() as client:
        require(ground.version(client) == OLD, "it begins on the old version")
        client.execute("SET statement_timeout = '77s'")
        client.execute("SET DateStyle = 'German'")
        client.execute("SET application_name = 'it''s \"me\"'")
        client.execute("CREATE ROLE mover")
        client.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public, public_base, public_0001_names TO mover")
        client.execute("GRANT USAGE ON SCHEMA public_base, public_0001_names TO mover")
        client.execute("SET ROLE mover")
        client.execute("PREPARE of_sql (integer) AS SELECT id FROM users WHERE id = $1")
        client.prepare("of_protocol", "SELECT visits + $1 FROM users WHERE id = $2")
        pid = client.value("SELECT pg_backend_pid()")
        ground.ramp(100)
        ground.moved(client, NEW)
        require(client.value("SELECT pg_backend_pid()") != pid, "another backend serves it")
        require(client.value("SHOW statement_timeout") == "77s", "a setting is lost")
        require(client.value("SHOW DateStyle").startswith("German"), "DateStyle is lost")
        require(client.value("SHOW application_name") == "it's \"me\"", "a quoted setting is lost")
        require(client.value("SELECT current_user") == "mover", "the role is lost")
        require(client.value("EXECUTE of_sql (7)") == "7", "a statement that SQL prepared is lost")
        require(client.run_prepared("of_protocol", "5", "9")[0][0] == "5", "a statement that the protocol prepared is lost")
        ground.ramp(0)
        ground.moved(client, OLD)
        require(client.value("SHOW statement_timeout") == "77s" and client.value("EXECUTE of_sql (8)") == "8", "lost on the way back")


_SETTINGS = ("my.own", "my.other", "my.local", "my.gone", "my.unset", "my.role", "TimeZone", "work_mem")


def _placeholders(ground):
    """Settings with a dot in their names go along, as SET and set_config have left them; what was set for a transaction alone keeps no session"""
    ground.ramp(0)
    ground.run(ground.database, "CREATE ROLE placed LOGIN SUPERUSER", "ALTER ROLE placed SET my.role = 'of the role'")
    with ground.gateway.connect(ground.database, user="placed") as client:
        for statement in ("SET my.own = 'a, ''b'''", "SELECT set_config('my.other', 'äöü' || chr(10) || '\\', false)", "SET SESSION My.Gone TO 'x'", "RESET my.gone",
                          "SET my.role = 'of its own'", "BEGIN", "SET my.own = 'undone'", "ROLLBACK",
                          "SELECT set_config('my.local', 'x', true), set_config('work_mem', '5MB', true)",
                          "SELECT set_config(name, 'UTC', true) FROM (VALUES ('TimeZone')) AS own (name)"):
            client.execute(statement)

        def seen():
            return [client.value(f"SELECT quote_nullable(current_setting('{name}', true))") for name in _SETTINGS]
        before = seen()
        require(before[0] == "'a, ''b'''" and before[2:6] == ["''", "''", "NULL", "'of its own'"], f"{before}")
        for share, version in ((100, NEW), (0, OLD)):
            ground.ramp(share)
            ground.moved(client, version)
            require(seen() == before, f"{before} became {seen()}")
        client.execute("SET my.own = 'again'")
        ground.ramp(100)
        ground.moved(client, NEW)
        require(client.value("SHOW my.own") == "again", "its last value")


def _shapes(ground):
    """Each version's shape is right after a move: SELECT *, and a function with %ROWTYPE"""
    ground.ramp(0)
    with ground.client() as client:
        require("first_name" in client.value("SELECT shape(3)"), "the old shape")
        ground.ramp(100)
        ground.moved(client, NEW)
        require("full_name" in client.value("SELECT shape(3)"), "the new shape")
        require("full_name" in client.value("SELECT row_to_json(u) FROM users u WHERE id = 3"), "the new shape")


_STAYERS = {
    "temporary tables": ["CREATE TEMP TABLE kept (a integer)"],
    "advisory locks": ["SELECT pg_advisory_lock(4711)"],
    "LISTEN": ["LISTEN something"],
    "a cursor that is held open": ["BEGIN", "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "COMMIT"],
    "a search path of its own": ["SET search_path = public"],
    "currval or lastval": ["SELECT nextval('numbers')", "SELECT currval('numbers')"],
    "settings of its own": ["SELECT set_config(name, 'x', false) FROM (VALUES ('my.own')) AS own (name)"],
    "another session user": ["SET SESSION AUTHORIZATION pg_monitor"],
    "what it has prepared does not exist on the other version": ["PREPARE old AS SELECT first_name FROM users"],
}


def _stays(ground):
    """A session that holds what cannot be made again stays as it is, is counted with the reason, and moves when it no longer does"""
    for why, statements in _STAYERS.items():
        ground.ramp(0)
        with ground.client() as client:
            for statement in statements:
                client.execute(statement)
            pid = client.value("SELECT pg_backend_pid()")
            wait_until(lambda why=why: ground.on(100)["staying"].get(why) == 1, f"it is counted: {why}")
            require(client.value("SELECT pg_backend_pid()") == pid, f"{why}: it was moved")
    ground.ramp(0)
    with ground.client() as client:
        client.execute("CREATE TEMP TABLE kept (a integer)")
        ground.ramp(100)
        client.execute("DROP TABLE kept")
        ground.ramp(0)
        ground.ramp(100)
        ground.moved(client, NEW)


def _remembered_columns(ground):
    """A session whose client remembers the columns of what it has prepared does not get rows of others: it stays; one that asks each time moves"""
    ground.ramp(0)
    again = (fe.bind(name="all"), fe.execute(), fe.message("S"))
    with fe.Frontend(ground.gateway.address) as remembers, fe.Frontend(ground.gateway.address) as asks, fe.Frontend(ground.gateway.address) as other:
        for client in (remembers, asks, other):
            client.begin(database=ground.database)
            client.send(fe.parse("SELECT * FROM users WHERE id = 7" if client is not other else "SELECT id, visits FROM users WHERE id = 7", "all"), fe.message("S"))
            client.until("Z")
        for client in (remembers, other):
            client.send(fe.describe("S", "all"), fe.message("S"))
            client.until("Z")
        remembers.send(*again)
        before = remembers.until("Z")

        def settled():
            said = ground.on(100)
            return said["staying"] == {"what it has prepared has other columns on the other version": 1} and said["versions"][NEW] == 2
        wait_until(settled, "one stays, two have moved")
        remembers.send(*again)
        require(remembers.until("Z") == before, "it was told other columns")
        asks.send(fe.bind(name="all"), fe.describe("P"), fe.execute(), fe.message("S"))
        require(any(kind == "T" and b"full_name" in body for kind, body in asks.until("Z")), "the other did not move")


def _in_transaction(ground):
    """A session moves only between two transactions: in the midst of one it has the backend that it began with"""
    ground.ramp(0)
    with ground.client() as client:
        client.execute("BEGIN")
        pid = client.value("SELECT pg_backend_pid()")
        ground.ramp(100)
        require(client.value("SELECT pg_backend_pid()") == pid, "it moved within a transaction")
        client.execute("COMMIT")
        ground.moved(client, NEW)


def _own_choice(ground):
    """A client that names a search path when it connects is left alone"""
    ground.ramp(100)
    with ground.client("options='-c search_path=public'") as client:
        require(client.value("SHOW search_path") == "public", "its path was changed")


def _shares(ground):
    """A share of the sessions is a share: of 200, between a half and twice of it; growing moves no session back"""
    ground.ramp(0)
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(ground.client()) for _ in range(200)]
        before = set()
        for share in (10, 30, 100):
            said = ground.on(share)["versions"]
            wait_until(lambda: ground.on(share)["versions"].get(NEW, 0) >= share, f"{share} %: {said}")
            now = {number for number, client in enumerate(clients) if ground.version(client) == NEW}
            require(len(clients) * share / 200 <= len(now) <= len(clients) * share / 50, f"{share} %: {len(now)} of {len(clients)}")
            require(before <= now, "a session was moved back by a share that grew")
            before = now


def _documented_roles(ground):
    """The privileges of docs/privileges.md suffice for a gateway and for whoever sets shares"""
    ground.make_roles()
    url = ground.server.url(ground.database, "segue_gateway")
    with Gateway(ground.context.options.segue, ground.server, url=url) as another:
        segue = ground.context.segue.on(ground.server, ground.database, "segue_ramp")
        said = json.loads(segue.must("ramp", "--json", "100").out)
        require(len(said["gateways"]) == 2, f"{said}")
        with another.connect(ground.database) as client:
            require(ground.version(client) == NEW, "its clients are not on the new version")


def _refused(ground):
    """What is no share, or no version that is live, is refused with words"""
    for words in (["101"], ["-1"], ["many"]):
        said = ground.segue.run("ramp", "--", *words)
        require(said.code == 2 and "no share" in said.err, f"{said}")
    said = ground.segue.run("ramp", "--to", "0009_nothing", "5")
    require(said.code == 1 and "0009_nothing" in said.err, f"{said}")
    bare = ground.context.segue.on(ground.server, ground.server.create("bare"))
    for words in ([], ["5"], ["--auto"]):
        said = bare.run("ramp", *words)
        require(said.code == 1 and "segue init" in said.err, f"{said}")


def _unnoticed(ground):
    """psql and pgbench (simple, extended, prepared) do not notice that their sessions go back and forth, nor a migration's start and completion"""
    client = gateway_clients.Client("postgresql")
    client.fetch()
    ground.context.report.note(f"[{ground.server.major}] {steady.ride(ground.context.segue, ground.server, client.name, client.steady)}")


_PROMISES = (_carries, _placeholders, _shapes, _stays, _remembered_columns, _in_transaction, _own_choice, _shares, _documented_roles, _refused, gateway_lives.short_lives, _unnoticed)
