"""What segue rehearse promises, with a real target and the throwaway server that it makes."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

from . import compare, pq, rehearse_on, rehearse_recorded, server as servers
from .program import REFUSED, RESUMABLE, USAGE
from .promises import Ground, promise_all, promise_tasks
from .report import require

_ROWS = 30000
_SCHEMA = [
    "CREATE SCHEMA crm",
    "CREATE TABLE regions (code text PRIMARY KEY, label text)",
    "CREATE TABLE crm.customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, region text NOT NULL REFERENCES regions, name text NOT NULL)",
    "CREATE TABLE users (id bigserial PRIMARY KEY, customer bigint NOT NULL REFERENCES crm.customers, email text UNIQUE, phone text,"
    " first_name text NOT NULL, last_name text NOT NULL, boss bigint REFERENCES users, twice bigint GENERATED ALWAYS AS (customer * 2) STORED)",
    "CREATE INDEX ON users (customer)",
    "CREATE TABLE days (day date NOT NULL, slot integer NOT NULL, PRIMARY KEY (day, slot)) PARTITION BY RANGE (day)",
    "CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2025-01-01') TO ('2035-01-01')",
    "CREATE TABLE days_2 PARTITION OF days DEFAULT",
    "CREATE TABLE visits (id bigint PRIMARY KEY, who bigint REFERENCES users, day date, slot integer, FOREIGN KEY (day, slot) REFERENCES days)",
    "CREATE TABLE loose (id bigint PRIMARY KEY, who bigint)",
    "INSERT INTO regions SELECT 'r' || i, 'Region ' || i FROM generate_series(1, 20) i",
    f"INSERT INTO crm.customers (region, name) SELECT 'r' || 1 + i % 20, 'c' || i FROM generate_series(1, {_ROWS}) i",
    "INSERT INTO users (customer, email, phone, first_name, last_name, boss) SELECT 1 + i::bigint * 7919 % " + str(_ROWS) + ", 'u' || i || '@secret.example',"
    f" '+49 ' || i, 'First' || i, 'Last' || i, CASE WHEN i % 3 > 0 THEN 1 + i / 3 END FROM generate_series(1, {_ROWS}) i",
    f"INSERT INTO days SELECT date '2024-01-01' + i % 4000, i FROM generate_series(1, {_ROWS}) i",
    f"INSERT INTO visits SELECT i, 1 + i::bigint * 104729 % {_ROWS}, date '2024-01-01' + (j % 4000)::int, j FROM generate_series(1, {_ROWS * 2}) i,"
    f" LATERAL (SELECT 1 + i::bigint * 15485863 % {_ROWS} AS j) s",
    "INSERT INTO loose VALUES (1, -1)",
    "ALTER TABLE loose ADD CONSTRAINT loose_who FOREIGN KEY (who) REFERENCES users NOT VALID",
    "CREATE VIEW emails AS SELECT email FROM users",
    "GRANT SELECT ON users TO app_reader",
    "ANALYZE",
]
_MIGRATION = """
-- segue: goal "one name"
-- segue: up   users.full_name  = first_name || ' ' || last_name
-- segue: down users.first_name = split_part(full_name, ' ', 1)
-- segue: down users.last_name  = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;
CREATE INDEX users_phone ON users (phone);
"""
_RULES = """
[lint]
pg-version = 15

[rehearse.scrub]
"users.email" = "'user' || id || '@example.invalid'"
users.phone = "hash"
"crm.customers.name" = "null"
"""


def tasks(context):
    old_enough = [server for server in context.servers if server.major <= _newest(server)]
    for task in promise_tasks(_Servers(context, old_enough), _PROMISES, _Ground, slow=True):
        yield task
    # The extension comes with Debian's server alone.
    if context.servers[0].bin_dir == servers.DEBIAN_BIN:
        yield lambda: _with_recorded(context)


def _newest(server):
    """pg_dump, which a rehearsal needs, refuses servers newer than itself. The one beside the server's programs counts, else that of PATH."""
    beside = os.path.join(server.bin_dir, "pg_dump")
    said = subprocess.run([beside if os.path.exists(beside) else "pg_dump", "--version"], stdout=subprocess.PIPE, check=True).stdout
    return int(re.search(r"\(PostgreSQL\) (\d+)", said.decode())[1])


def _with_recorded(context):
    own = servers.Server(context.servers[0].bin_dir, rehearse_recorded.SETTINGS)
    try:
        promise_all(context, own, context.further(context.servers[0], rehearse_recorded.PROMISES, 3, slow=True), _Ground(context, own))
    finally:
        own.stop()


class _Servers:
    """The context with some of its servers."""

    def __init__(self, context, servers):
        self._context = context
        self.servers = servers

    def __getattr__(self, name):
        return getattr(self._context, name)


class _Ground(Ground):
    def __init__(self, context, server):
        super().__init__(context, server)
        self.migration = self.file("one_name", _MIGRATION)

    def target(self):
        """A database that segue has never seen, and the program on it as a role that may only read."""
        return self.plain_target(*_SCHEMA)

    def plain_target(self, *statements):
        database = self.server.create("rehearse")
        self.run(database, *statements)
        reader = f"reader_{database}"
        self.run(database, f"CREATE ROLE {reader} LOGIN", f"GRANT pg_read_all_data, pg_read_all_stats TO {reader}")
        return database, self.context.segue.on(self.server, database, reader)

    def rules(self, text):
        path = os.path.join(self.server.folder, f"rules_{time.monotonic_ns()}.toml")
        with open(path, "w") as file:
            file.write(text)
        return path

    def rehearse(self, segue, *arguments):
        return ("rehearse", self.migration, "--pg-bin", self.server.bin_dir, *arguments)

    def must(self, segue, *arguments):
        return segue.must(*self.rehearse(segue, *arguments, "--json"), timeout=300).json


class _Kept:
    """A rehearsal whose copy is looked at before it goes."""

    def __init__(self, ground, segue, *arguments):
        self.process = segue.start(*ground.rehearse(segue, "--json", "--traffic", "none", "--keep", *arguments))
        self.said = []
        for line in self.process.stderr:
            self.said.append(line.decode())
            found = re.search(r"the copy is at (\S+)", self.said[-1])
            if found:
                self.url = found[1]
                return
        raise AssertionError("".join(self.said))

    def __enter__(self):
        self.connection = pq.Connection(self.url)
        return self.connection

    def __exit__(self, *_):
        self.connection.close()
        self.process.send_signal(signal.SIGINT)
        self.out, rest = self.process.communicate(timeout=60)
        require(self.process.returncode == 0, "".join(self.said) + rest.decode())

    @property
    def report(self):
        return json.loads(self.out)


def _unchanged(ground):
    """The target is as it was, of which a role that may only read has rehearsed; both ways were gone, and the schema is what psql makes"""
    database, segue = ground.target()
    before = compare.snapshot(ground.server, database, ())
    rows = ground.value(database, "SELECT md5(string_agg(u::text, '|' ORDER BY id)) FROM users u")
    report = ground.must(segue, "--seconds", "1s")
    require(compare.snapshot(ground.server, database, ()) == before, "the target's schema is another")
    require(ground.value(database, "SELECT md5(string_agg(u::text, '|' ORDER BY id)) FROM users u") == rows, "its rows are")
    verbs = {verb["verb"]: verb for verb in report["durations"]["verbs"]}
    require(set(verbs) == {"segue start", "segue rollback", "segue complete"}, str(verbs))
    for verb in verbs.values():
        require(all(verb[key] > 0 for key in ("empty", "quiet", "busy", "likely", "low", "high")), str(verb))
        require(verb["low"] < verb["likely"] < verb["high"], str(verb))
    durations = report["durations"]
    require([line.split(":")[0] for line in durations["reasons"]] == ["segue start", "segue rollback", "segue complete"], str(durations["reasons"]))
    require(durations["steps"] and all(step["rests_on"] for step in durations["steps"]), str(durations["steps"]))
    require(durations["target_transactions"] >= 0 and durations["busy"], str(durations))
    require(report["schema"]["differences"] == 0, str(report["schema"]))
    versions = report["traffic"]["versions"]
    require(len(versions) == 4 and all(one["requests"] > 0 and one["errors"] == 0 for one in versions), str(versions))
    ground.server.drop(database)


def _whole(ground):
    """Every row of the copy finds the rows that it points to: composite, of another schema, of its own table, of a partitioned one"""
    database, segue = ground.target()
    kept = _Kept(ground, segue, "--sample", "5")
    with kept as copy:
        invalid = copy.rows("SELECT conrelid::regclass, conname FROM pg_constraint WHERE NOT convalidated")
        require(invalid == [("loose", "loose_who")], str(invalid))
        for child, parent, same in (("users", "users", "c.boss = p.id"), ("users", "crm.customers", "c.customer = p.id"),
                                    ("visits", "users", "c.who = p.id"), ("visits", "days", "(c.day, c.slot) = (p.day, p.slot)"),
                                    ("crm.customers", "regions", "c.region = p.code")):
            points = "boss" if parent == "users" and child == "users" else same.split("=")[0].strip("() ").split(",")[0].replace("c.", "")
            orphans = copy.value(f"SELECT count(*) FROM {child} c WHERE c.{points} IS NOT NULL AND NOT EXISTS"
                                 f" (SELECT FROM {parent} p WHERE {same})")
            require(int(orphans) == 0, f"{orphans} of {child} point to no row of {parent}")
        here = {name: int(copy.value(f"SELECT count(*) FROM {name}")) for name in ("visits", "days", "regions")}
        require(0 < here["visits"] < _ROWS, str(here))
        require(here["regions"] == 20, str(here))
        require(int(copy.value("SELECT last_value FROM users_id_seq")) == _ROWS, "the sequence stands elsewhere")
    tables = {table["table"]: table for table in kept.report["data"]["tables"]}
    for name, count in here.items():
        require(tables[f"public.{name}"]["copied"] == count, f"{name}: {tables[f'public.{name}']}, {count} are there")
    require(tables["public.visits"]["rows"] == _ROWS * 2, str(tables["public.visits"]))
    ground.server.drop(database)


def _scrubbed(ground):
    """What a rule scrubs is nowhere in the copy, not in its files either, and the rest is as it was"""
    database, segue = ground.target()
    ground.run(database, "ALTER TABLE crm.customers ALTER COLUMN name DROP NOT NULL")
    kept = _Kept(ground, segue, "--full", "--config", ground.rules(_RULES))
    with kept as copy:
        require(copy.value("SELECT count(*) FROM users WHERE email = 'user' || id || '@example.invalid'") == str(_ROWS), "users.email")
        require(copy.value("SELECT count(*) FROM crm.customers WHERE name IS NOT NULL") == "0", "crm.customers.name")
        hashed = copy.value("SELECT count(DISTINCT phone) FROM users WHERE phone ~ '^[0-9a-f]{32}$'")
        require(hashed == str(_ROWS), f"{hashed} different hashes")
        require(copy.value("SELECT count(*) FROM users WHERE last_name LIKE 'Last%'") == str(_ROWS), "users.last_name")
        copy.execute("CHECKPOINT")
        folder = os.path.dirname(copy.value("SHOW data_directory"))
        found = subprocess.run(["grep", "-rlaE", "@secret[.]example|[+]49 [0-9]", folder], stdout=subprocess.PIPE, check=False)
        require(found.returncode == 1, f"a value is in {found.stdout.decode()}")
    ground.server.drop(database)


def _wrong_rules(ground):
    """A rule for what is not there, for a foreign key, or that is no expression is an error with its place, and nothing is left behind"""
    database, segue = ground.target()
    for line, words in (('"users.mail" = "null"', "column mail of public.users, which is not there"),
                        ('"user.email" = "null"', "table public.user, which is not there"),
                        ('"users.customer" = "hash"', "on which a foreign key rests"),
                        ('email = "null"', 'not for "email"'),
                        ('"users.email" = 7', "a scrub rule is a string, not a number")):
        path = ground.rules(f"[rehearse.scrub]\n{line}\n")
        result = segue.run(*ground.rehearse(segue, "--config", path))
        require(result.code == USAGE and words in result.err and f"{path}:2" in result.err, f"{line}: {result}")
    path = ground.rules('[rehearse.scrub]\n"users.email" = "no_such_function(email)"\n')
    result = segue.run(*ground.rehearse(segue, "--config", path))
    require(result.code != 0 and "no_such_function" in result.err, str(result))
    result = segue.run(*ground.rehearse(segue, "--config", ground.rules("[rehearse]\nscrubb = 1\n")))
    require(result.code == USAGE and "[rehearse] has no setting scrubb" in result.err, str(result))
    ground.server.drop(database)


def _under_way(ground):
    """While a migration is under way on the target, a rehearsal is refused; after it has ended the next one is rehearsed"""
    database = ground.server.create("under_way")
    ground.run(database, "CREATE TABLE users (id bigint PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, phone text)")
    segue = ground.context.segue.on(ground.server, database)
    segue.must("init")
    segue.must("start", ground.file("0001_note", "ALTER TABLE users ADD COLUMN note text;"))
    result = segue.run(*ground.rehearse(segue))
    require(result.code == REFUSED and "0001_note is under way" in result.err, str(result))
    segue.must("complete", "--force")
    report = ground.must(segue, "--traffic", "none")
    require(report["schema"]["differences"] == 0, str(report["schema"]))
    ground.server.drop(database)


def _ended(ground):
    """Interrupted, a rehearsal ends with its server, and leaves nothing behind"""
    database, segue = ground.target()
    folder = os.path.join(ground.server.folder, f"tmp{ground.server.major}")
    os.makedirs(folder)
    os.chmod(folder, 0o777)
    segue.extra = {"TMPDIR": folder}
    process = segue.start(*ground.rehearse(segue))
    for line in process.stderr:
        if b"rehearsed without rows" in line:
            break
    require(os.listdir(folder), "the copy is not where it was looked for")
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    require(process.returncode == RESUMABLE, f"exit {process.returncode}\n{rest.decode()}")
    require(not os.listdir(folder), f"left behind: {os.listdir(folder)}")
    ground.server.drop(database)


_SLOW = """
-- segue: up users.slow = wait(id)
ALTER TABLE users ADD COLUMN slow bigint NOT NULL;
ALTER TABLE users ADD COLUMN other bigint NOT NULL DEFAULT nextval('users_id_seq');
"""


def _seen(ground):
    """Locks are those that the plan announces, a statement that takes long and a number that the migration takes are told, a plan that changes too"""
    database, segue = ground.target()
    ground.run(database, "CREATE FUNCTION public.wait(n bigint) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT CASE WHEN n = 7 THEN length(pg_sleep(0.2)::text) ELSE n END'", "CREATE INDEX users_last ON users (last_name)", "ANALYZE users")
    statements = ground.file("asked", "SELECT email FROM users WHERE last_name = $1;\nSELECT email FROM users WHERE id = $1;\nSELECT nothing FROM nowhere;\n")
    file = ground.file("slow_name", _SLOW + _MIGRATION.replace('-- segue: goal "one name"', "").replace("CREATE INDEX users_phone ON users (phone);", ""))
    report = segue.must("rehearse", file, "--pg-bin", ground.server.bin_dir, "--traffic", "none", "--json", "--full", "--statements", statements).json
    slow = report["slow"]["statements"]
    require(any(one["who"] == "segue" and one["seconds"] >= 0.15 and "wait" in one["statement"] for one in slow), str(slow))
    gaps = report["sequences"]["gaps"]
    require(any("public.users_id_seq: the migration itself takes" in line for line in gaps), str(gaps))
    plans = report["plans"]
    require(plans["looked_at"] == 2 and plans["unreadable"] == 1, str(plans))
    changes = {(one["when"], one["statement"]): one for one in plans["changes"]}
    require(("completed", "SELECT email FROM users WHERE last_name = $1") in changes, str(changes))
    require(all("id = $1" not in statement for _, statement in changes), str(changes))
    segue.url = ground.server.url(database)
    wanted = {(lock["relation"], lock["mode"]) for step in segue.must("plan", file, "--json").json["steps"] for lock in step["locks"]}
    taken = {(lock["relation"], lock["mode"]) for lock in report["locking"]["locks"]}
    strong = {one for one in taken if one[1] == "ACCESS EXCLUSIVE" and not one[0].startswith(("public_", "segue_"))}
    missed = {one for one in wanted if one not in taken and one[1] in ("ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE")}
    require(not missed, f"announced and not seen: {missed}; seen: {sorted(taken)}")
    require(strong and strong <= wanted, f"seen and not announced: {strong - wanted}")
    require(report["locking"]["deadlocks"] == 0, str(report["locking"]))
    ground.server.drop(database)


def _dumped(ground):
    """A dump, as SQL and as an archive, is rehearsed on and scrubbed without any database"""
    database, segue = ground.target()
    ground.run(database, "ALTER TABLE crm.customers ALTER COLUMN name DROP NOT NULL")
    for form in ("plain", "custom"):
        path = os.path.join(ground.server.folder, f"{database}.{form}")
        dumped = subprocess.run(["pg_dump", f"--format={form}", "--no-owner", "--no-privileges", "--dbname", ground.server.url(database)],
                                stdout=subprocess.PIPE, check=True)
        with open(path, "wb") as file:
            file.write(dumped.stdout)
        segue.url = "postgresql:///nowhere?host=/nonexistent"
        kept = _Kept(ground, segue, "--dump", path, "--config", ground.rules(_RULES))
        with kept as copy:
            require(copy.value("SELECT count(*) FROM users WHERE email = 'user' || id || '@example.invalid'") == str(_ROWS), f"{form}: users.email")
            require(copy.value("SELECT count(*) FROM crm.customers WHERE name IS NOT NULL") == "0", f"{form}: crm.customers.name")
        require(kept.report["schema"]["differences"] == 0 and path in kept.report["target"], str(kept.report["schema"]))
    ground.server.drop(database)


def _newer_pg_dump(ground):
    """What pg_dump of 17 and later sets, and older servers do not know, is left out"""
    database, segue = ground.target()
    folder = os.path.join(ground.server.folder, f"{database}_bin")
    os.mkdir(folder)
    for name in os.listdir(ground.server.bin_dir):
        os.symlink(os.path.join(ground.server.bin_dir, name), os.path.join(folder, name))
    real = shutil.which("pg_dump", path=ground.server.bin_dir) or shutil.which("pg_dump")
    path = os.path.join(folder, "pg_dump")
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "w") as file:
        # As 17 writes it.
        file.write(f'#!/bin/sh\n"{real}" "$@" || exit\nfor argument; do case $argument in --file=*)\n'
                   'sed -i "s/^SET client_encoding/SET transaction_timeout = 0;\\n&/" "${argument#--file=}";; esac; done\n')
    os.chmod(path, 0o755)
    result = segue.run("rehearse", ground.migration, "--pg-bin", folder, "--traffic", "none", "--json", timeout=300)
    require(result.code == 0 and result.json["schema"]["differences"] == 0, str(result))
    ground.server.drop(database)


def _in_the_runbook(ground):
    """A runbook forecasts by a rehearsal of the same file, says so, and refuses that of another"""
    database, segue = ground.target()
    written = os.path.join(ground.server.folder, f"{database}.json")
    report = ground.must(segue, "--traffic", "none")
    with open(written, "w") as file:
        json.dump(report, file)
    segue.url = ground.server.url(database)
    book = segue.must("plan", ground.migration, "--rehearsal", written, "--json").json["runbook"]["backfill"]
    likely = {step["what"]: step["likely"] for step in report["durations"]["steps"] if step["verb"] == "start"}
    for step in book["steps"]:
        require(step["rests_on"] == "a rehearsal with 10 % of the rows" and step["seconds_likely"] == likely[step["what"]], f"{step}: {likely}")
    require(book["steps"] and report["rehearsed_at"] in book["ground"], str(book))
    other = ground.file("other", "ALTER TABLE users ADD COLUMN other text;")
    for file, words in ((other, "rehearsal of another file"), (ground.migration, None)):
        result = segue.run("plan", file, "--rehearsal", written)
        require(result.code == (USAGE if words else 0) and (words or "Rehearsed on") in result.text, str(result))
    result = segue.run("plan", other, "--rehearsal", other)
    require(result.code == USAGE and "not what segue rehearse --json writes" in result.err and other in result.err, str(result))
    ground.server.drop(database)


_PROMISES = [_unchanged, _whole, _scrubbed, _wrong_rules, _under_way, _ended, _seen, _dumped, _newer_pg_dump, _in_the_runbook, *rehearse_on.PROMISES]
