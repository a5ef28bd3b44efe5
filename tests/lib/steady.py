"""Clients at steady work through a gateway, while a migration is started under them, their sessions go to and fro between its versions, and it
is completed: no error, nothing lost, and no way of working that never moved."""

import json
import os
import re
import tempfile

from .gateway import Gateway
from .report import Failure, require
from .traffic import wait_until

_ROWS = 2000
# Each row of the ledger says itself which session of the server wrote it, and on which version. A worker's row is its number.
_SCHEMA = f"""
CREATE TABLE users (id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, visits integer NOT NULL DEFAULT 0,
    note text NOT NULL, price numeric NOT NULL, born timestamptz NOT NULL, data bytea NOT NULL);
INSERT INTO users SELECT i, 'First' || i, 'Last' || i, 0, 'note of ' || i || ': äöü', i + 0.25,
    timestamptz '2026-01-01 00:00+00' + i * interval '1 hour', decode(repeat(lpad(to_hex(i % 256), 2, '0'), 40), 'hex')
    FROM generate_series(1, {_ROWS}) i;
CREATE TABLE ledger (mode text NOT NULL, backend integer NOT NULL DEFAULT pg_backend_pid(),
    version text NOT NULL DEFAULT (current_schemas(false))[1], at timestamptz NOT NULL DEFAULT clock_timestamp());
"""
_MIGRATION = """
-- segue: up   users.full_name  = first_name || ' ' || last_name
-- segue: down users.first_name = split_part(full_name, ' ', 1)
-- segue: down users.last_name  = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;
"""
_ACTIVITY = """SELECT application_name, state, wait_event, clock_timestamp() - state_change, query FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'"""
OLD, NEW = "public_base", "public_0001_names"
_WAY = (1, 5, 25, 100, 0, 100, 50, 0)  # at the cut-over all are on the old version
_LEAST = 5  # moves of each way of working: to 100 and 0 in turn, and the cut-over
_SECONDS = 60


class Ground:
    """A database with a gateway before it, and a migration that has not begun."""

    def __init__(self, segue, server, name):
        self.server = server
        self.database = server.create("steady_" + re.sub(r"\W", "_", name))
        with server.connect(self.database) as connection:
            connection.execute(_SCHEMA)
        self.segue = segue.on(server, self.database)
        self.segue.must("init")
        self.migration = os.path.join(server.folder, "0001_names.sql")
        with open(self.migration, "w") as file:
            file.write(_MIGRATION)
        # What a busy machine makes of a few milliseconds is no reason to leave a version.
        self.gateway = Gateway(segue.path, server, "--breaker-p95", "100000", "--breaker-errors", "100", "--log-level", "info", database=self.database)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.gateway.stop()
        self.server.drop(self.database)

    def rows(self, sql):
        with self.server.connect(self.database) as connection:
            return connection.rows(sql)

    def value(self, sql):
        return self.rows(sql)[0][0]


def _require_alive(process, said):
    if process.poll() is not None:
        said.seek(0)
        require(False, f"it ended by itself, exit {process.returncode}: {said.read()[-3000:]}")


class Rider:
    """A client's program at work."""

    def __init__(self, ground, begin):
        self._ground = ground
        self._said = tempfile.TemporaryFile("w+")
        self._process = begin(*ground.gateway.address, ground.database, self._said)
        first = self._process.stdout.readline().split()
        self.alive()
        require(first[:1] == ["steady"], f"{first}")
        self.modes = int(first[1])
        self.sessions = None if first[2] == "short" else int(first[2])  # None: they come and go, and are too short to move

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()
        self._said.close()

    def alive(self):
        _require_alive(self._process, self._said)

    def wait_on(self, version):
        """Until each of its ways of working wrote on that version, from now on."""
        since = self._ground.value("SELECT clock_timestamp()")
        seen = f"SELECT DISTINCT mode FROM ledger WHERE at > '{since}' AND version = '{version}'"

        def all_there():
            self.alive()
            return len(self._ground.rows(seen)) >= self.modes
        try:
            wait_until(all_there, f"all of {self.modes} work on {version}", _SECONDS)
        except Failure as failure:
            self.alive()
            there, gateways = self._ground.rows(seen), self._ground.rows("SELECT sessions FROM segue.gateways")
            raise Failure(f"{failure}; there are {there}; {gateways}; {self._ground.rows(_ACTIVITY)}; the client's process: {self._state()}") from None

    def _state(self):
        """Whether it runs, waits or was stopped."""
        with open(f"/proc/{self._process.pid}/status") as file:
            return re.search(r"^State:\s*(.*)", file.read(), re.M)[1]

    def end(self):
        """What it says of each way of working: the row's id, its visits, its rows in the ledger."""
        out, _ = self._process.communicate(timeout=_SECONDS)
        self._said.seek(0)
        require(self._process.returncode == 0, f"exit {self._process.returncode}: {self._said.read()[-3000:]}")
        return json.loads(out)


def _go(ground, rider):
    rider.wait_on(OLD)
    ground.segue.must("start", ground.migration)
    for share in _WAY:
        ground.segue.must("ramp", str(share))
        if share in (0, 100):
            rider.wait_on(NEW if share else OLD)
    ground.segue.must("complete", "--force")
    rider.wait_on(NEW)


def _require_truth(ground, modes):
    for mode, (number, visits, rows) in modes.items():
        require(visits > 0, f"{mode}: nothing done")
        found = int(ground.value(f"SELECT visits FROM users WHERE id = {number}"))
        require(found == visits, f"{mode}: {visits} visits were answered, {found} are there")
        found = int(ground.value(f"SELECT count(*) FROM ledger WHERE mode = '{mode}'"))
        require(found == rows, f"{mode}: {rows} rows were answered, {found} are there")
    wrong = ground.value("SELECT count(*) FROM users WHERE full_name <> 'First' || id || ' Last' || id OR note <> 'note of ' || id || ': äöü'")
    require(wrong == "0", f"{wrong} rows are not what they should be")
    require(int(ground.value("SELECT sum(visits) FROM users")) == sum(visits for _, visits, _ in modes.values()), "visits to other rows")


def _require_orderly(log):
    troubles = re.findall(r"event=(?:disconnect|refuse)\b.*sqlstate=.*", log)
    require(not troubles, "\n".join(troubles))


def _sessions(ground, rider):
    """Moves are what sessions of the server there were, of those that clients began. A client that began another one has lost one."""
    log = ground.gateway.said()
    begun = len(re.findall(r"event=connect\b", log))
    _require_orderly(log)
    if rider.sessions is None:
        return f"{begun} sessions"
    require(0 < begun <= rider.sessions, f"{begun} sessions were begun, of {rider.sessions} due\n{log[-3000:]}")
    by_mode = {mode: int(backends) for mode, backends in ground.rows("SELECT mode, count(DISTINCT backend) FROM ledger GROUP BY 1")}
    moves = sum(by_mode.values()) - begun
    require(moves >= rider.modes * _LEAST, f"{begun} sessions moved {moves} times; backends: {by_mode}")
    return f"{begun} sessions moved {moves} times"


def ride(segue, server, name, begin):
    """The whole way with a client that begin starts, at an address and a database, with a file for what it has to complain of. In words, what was seen."""
    with Ground(segue, server, name) as ground, Rider(ground, begin) as rider:
        _go(ground, rider)
        modes = rider.end()
        _require_truth(ground, modes)
        sessions = _sessions(ground, rider)
        ground.gateway.require_runs()
    visits, rows = (sum(counts) for counts in list(zip(*modes.values()))[1:])
    return f"{len(modes)} ways of working, {sessions}, {visits} visits and {rows} rows, 0 errors"
