"""segue ramp through a gateway: sessions move between versions with all that they hold, those that cannot stay, and no client notices."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
import time

from . import pq
from . import server as servers
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
OLD, NEW = "public_base", "public_0001_names"
_SLOW = 0.4  # seconds
_FAULTS = ("42703", "22P02")
_TRAFFIC = r"""
\set id random(1, 2000)
SELECT id, visits FROM users WHERE id = :id;
UPDATE users SET visits = visits + 1 WHERE id = :id;
"""


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, base):
    server = servers.Server(base.bin_dir, {"max_connections": "500"})
    try:
        with RampGround(context, server) as ground:
            promise_all(context, server, _PROMISES, ground)
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
    "settings of its own": ["SET my.own = 'x'"],
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
            said = ground.on(100)
            require(said["staying"].get(why) == 1, f"{why}: {said}")
            require(client.value("SELECT pg_backend_pid()") == pid, f"{why}: it was moved")
    ground.ramp(0)
    with ground.client() as client:
        client.execute("CREATE TEMP TABLE kept (a integer)")
        ground.ramp(100)
        client.execute("DROP TABLE kept")
        ground.ramp(0)
        ground.ramp(100)
        ground.moved(client, NEW)


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
    with open(_PRIVILEGES, encoding="utf-8") as file:
        block = re.search(r"## Gateway.*?```sql\n(.*?)```", file.read(), re.S)[1]
    ground.run(ground.database, *[statement for statement in block.split(";") if statement.strip()])
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


def _wake(ground):
    """Cancels the statements that sleep."""
    ground.run(ground.database, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")


class _Callers:
    """Clients that ask the same all the time, and note when they asked what was answered by an error, and what took long."""

    def __init__(self, ground, sql, count=8, gateway=None):
        self._ground, self._sql, self._gateway = ground, sql, gateway or ground.gateway
        self._stop = threading.Event()
        self.errors, self.slow, self.answers, self.unexpected, self.longest = [], [], 0, [], 0
        self._threads = [threading.Thread(target=self._call) for _ in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        _wake(self._ground)
        for thread in self._threads:
            thread.join()

    def _call(self):
        try:
            with self._gateway.connect(self._ground.database) as client:
                while not self._stop.is_set():
                    began = time.monotonic()
                    try:
                        client.rows(self._sql)
                        self.answers += 1
                    except pq.DatabaseError as error:
                        require(error.sqlstate in _FAULTS or error.sqlstate == "57014", f"{error}")
                        if error.sqlstate in _FAULTS:
                            self.errors.append(began)
                    if time.monotonic() - began > _SLOW / 2:
                        self.slow.append(began)
                    else:
                        self.longest = max(self.longest, time.monotonic() - began)
                    time.sleep(0.004)
        except Exception as error:  # pylint: disable=broad-except
            self.unexpected.append(error)

    def settle(self):
        """Until there have been enough answers to judge by."""
        goal = self.answers + 1200
        wait_until(lambda: self.unexpected or self.answers >= goal, "answers by which the current version can be judged")
        self.longest = 0


def _reason(ground):
    return ground.value(ground.database, "SELECT tripped FROM segue.ramps")


def _left(ground, callers, when):
    """That all sessions went back and stay, the reason is told, and climbing is refused until somebody insists. How long requests went on being sent there."""
    wait_until(lambda: _reason(ground) is not None, "the breaker's reason is written")
    time.sleep(2)
    require(not callers.unexpected, f"{callers.unexpected}")
    require(when and time.monotonic() - max(when) > 1, "it goes on")
    reason = _reason(ground)
    said = ground.segue.run("ramp", "10")
    require(said.code == 1 and reason in said.err and "--force" in said.err, f"{said}")
    return max(when) - min(when), reason


def _say(ground, text):
    print(f"      [{ground.server.major}] {text}")


def _fails(ground):
    """A version whose statements fail is left at once: its errors are those of what was in flight; the reason is written, and nobody climbs again unawares"""
    ground.ramp(0)
    with _Callers(ground, "SELECT first_name FROM users WHERE id = 5") as callers:
        callers.settle()
        ground.ramp(50)
        seconds, reason = _left(ground, callers, callers.errors)
    _say(ground, f"failing, 8 clients: left {seconds:.3f} s after the first of {len(callers.errors)} errors; others waited up to {1000 * callers.longest:.0f} ms: {reason}")
    require("errors" in reason and len(callers.errors) <= 8 and seconds < 1, "too many errors, or too late")
    ground.ramp(0)


def _fails_under_load(ground):
    """pgbench without a pause: no more of its clients meet an error of the new version than have a session there"""
    ground.ramp(0)
    script = ground.file("fails", "SELECT first_name FROM users WHERE id = 5;\n")
    with subprocess.Popen([shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench"), "-n", "-f", script, "-c", "40", "-T", "8"],
                          env=ground.gateway.environment(ground.database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        time.sleep(3)
        ground.ramp(50)
        text = run.communicate()[0]
    met = text.count("aborted in command")
    _say(ground, f"failing, pgbench with 40 clients: {met} met an error: {_reason(ground)}")
    require(_reason(ground) and 0 < met <= 30, text[-2000:])
    ground.ramp(0)


def _spoiled(ground, condition):
    """The definition of a view of the new version that has this condition as well, and its own."""
    definition = ground.value(ground.database, f"SELECT pg_get_viewdef('{NEW}.users'::regclass)").rstrip("; ")
    make = f"CREATE OR REPLACE VIEW {NEW}.users WITH (security_invoker = true) AS "
    if ground.server.major < 15:
        make = f"CREATE OR REPLACE VIEW {NEW}.users AS "
    return f"{make} SELECT * FROM ({definition}) v WHERE {condition}", make + definition


def _slowed(ground, seconds, shares, what):
    """Makes the new version slow; its share goes up until a session is there. Why it was left."""
    ground.ramp(0)
    slow, own = _spoiled(ground, f"pg_sleep({seconds}) IS NOT NULL")
    ground.run(ground.database, slow)
    try:
        with _Callers(ground, "SELECT visits FROM users WHERE id = 5") as callers:
            callers.settle()
            share = next(share for share in shares if ground.on(share)["versions"].get(NEW) or _reason(ground))
            wait_until(lambda: _reason(ground) is not None, "the breaker's reason is written")
            time.sleep(2)
            _wake(ground)
        require(not callers.unexpected and not callers.errors, f"{callers.unexpected} {callers.errors}")
        took = max(callers.slow) - min(callers.slow)
        _say(ground, f"{what}, {share} %: the last of {len(callers.slow)} slow requests was sent {took:.3f} s after the first: {_reason(ground)}")
        require(took < 1, "too late")
        return _reason(ground)
    finally:
        ground.run(ground.database, own)
        ground.ramp(0)


def _is_slow(ground):
    """A version that is slow is left within a second of its first slow statement, without an error"""
    require("took" in _slowed(ground, _SLOW, [50], "slow"), "another reason")


def _hangs(ground):
    """A version whose statements never end is left likewise, by what has waited so far, be it a single session's"""
    _slowed(ground, 600, [50], "hanging")
    require("without an answer" in _slowed(ground, 600, range(3, 100, 3), "hanging, one session"), "another reason")


def _ramp_row(ground, columns):
    with ground.server.connect(ground.database) as connection:
        return connection.rows(f"SELECT {columns} FROM segue.ramps")[0]


def _recovers(ground):
    """A version that was left is tried again after a pause by one session of each gateway: in vain, and the pause doubles; once it does well it has its share back"""
    ground.ramp(0)
    bad, own = _spoiled(ground, "('x' || v.id)::integer = 1")
    ground.run(ground.database, bad)
    began = time.monotonic()
    steps = []

    def reached(callers, what, **wanted):
        names = ", ".join(wanted)
        wait_until(lambda: callers.unexpected or _ramp_row(ground, names) == tuple(wanted.values()), f"{what}: {wanted}", 60)
        require(not callers.unexpected, f"{callers.unexpected}")
        steps.append(f"{time.monotonic() - began:.1f} s {what}, {len(callers.errors)} errors so far")

    url = ground.server.url(ground.database, "segue_gateway")  # with no more rights than docs/privileges.md says
    try:
        with Gateway(ground.context.options.segue, ground.server, "--breaker-p95", "300", "--breaker-probe", "2s", url=url) as another, \
                _Callers(ground, "SELECT visits FROM users WHERE id = 5", gateway=another) as callers:
            callers.settle()
            ground.segue.must("ramp", "50")
            reached(callers, "left", breaker="open", pause="2", share="0")
            met = len(callers.errors)
            reached(callers, "tried again", breaker="half-open", share="1")
            reached(callers, "in vain", breaker="open", pause="4")
            require(met <= 8 and len(callers.errors) - met <= 2, f"{met}, then {len(callers.errors)} errors")
            ground.run(ground.database, own)
            met = len(callers.errors)
            reached(callers, "mended, tried again", breaker="half-open", share="1")
            reached(callers, "does well", breaker=None, tripped=None, share="50")
            wait_until(lambda: any(one["sessions"]["versions"].get(NEW) for one in ground.ramp(50)["gateways"]), "sessions are on the new version")
            require(len(callers.errors) == met, "errors of a version that was mended")
        _say(ground, "; ".join(steps))
    finally:
        ground.run(ground.database, own)
        ground.ramp(0)


def _unnoticed(ground):
    """pgbench (simple, extended, prepared) does not notice that its sessions go back and forth, nor the migration's completion"""
    ground.ramp(0)
    script = ground.file("traffic", _TRAFFIC)
    runs = []
    for mode in ("simple", "extended", "prepared"):
        runs.append(subprocess.Popen([shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench"), "-n", "-f", script, "-M", mode, "-c", "4", "-T", "14", "-R", "300"],
                                     env=ground.gateway.environment(ground.database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    said = []
    reader = threading.Thread(target=lambda: said.extend(run.communicate()[0] for run in runs))
    reader.start()
    for share in (5, 50, 100, 20, 100):
        ground.ramp(share)
    ground.segue.must("complete", "--force")
    reader.join()
    done = 0
    for run, text in zip(runs, said):
        require(run.returncode == 0 and "number of failed transactions: 0 " in text, text[-2000:])
        done += int(re.search(r"actually processed: (\d+)", text)[1])
    visits = int(ground.value(ground.database, "SELECT sum(visits) FROM users"))
    require(visits == done, f"{done} transactions, {visits} of them are there")


# The last one ends the migration.
_PROMISES = (_carries, _shapes, _stays, _in_transaction, _own_choice, _shares, _documented_roles, _refused, _fails, _fails_under_load, _is_slow, _hangs,
             _recovers, _unnoticed)
