"""segue baseline: a database that was there before segue is recorded, compared and gone on from; what cannot be is refused."""

import os

from . import compare, program
from .oracle_marks import place
from .promises import promise_all
from .report import require

_SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN code AS text CHECK (VALUE ~ '^[a-z]+$');
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, mood mood DEFAULT 'sad', c code);
CREATE TABLE orders (id serial PRIMARY KEY, user_id bigint REFERENCES users, total numeric(12,2) CHECK (total >= 0));
CREATE INDEX orders_user ON orders (user_id) WHERE total > 0;
CREATE TABLE days (at date NOT NULL, n integer) PARTITION BY RANGE (at);
CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE VIEW rich AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
"""
_NAMES = ["0001_first", "0002_second", "0003_third", "0004_fourth"]
_FILES = {name + ".sql": f"ALTER TABLE users ADD COLUMN c{number} text;\n" for number, name in enumerate(_NAMES)}
# What is done to the schema, and the line that tells it.
_DRIFTS = [
    ("ALTER TABLE users ADD COLUMN x integer", "+ column users.x integer"),
    ("ALTER TABLE users ALTER COLUMN name DROP NOT NULL", "+ column users.name text"),
    ("ALTER TABLE days ALTER COLUMN n TYPE bigint", "+ column days.n bigint"),
    ("ALTER TABLE users ALTER COLUMN mood SET DEFAULT 'happy'", "+ column users.mood public.mood DEFAULT 'happy'::public.mood"),
    ("ALTER TABLE orders DROP CONSTRAINT orders_total_check", "- constraint orders.orders_total_check CHECK"),
    ("DROP INDEX orders_user", "- index CREATE INDEX orders_user ON public.orders"),
    ("ALTER TYPE mood ADD VALUE 'angry'", "+ enum mood ('sad', 'happy', 'angry')"),
    ("ALTER DOMAIN code SET DEFAULT 'a'", "+ domain code text DEFAULT 'a'"),
    ("CREATE OR REPLACE VIEW rich AS SELECT user_id, max(total) AS total FROM orders GROUP BY user_id", "+ view rich"),
    ("CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'", "+ function CREATE"),
    ("ALTER TABLE users DISABLE TRIGGER touch", "+ trigger CREATE TRIGGER touch"),
    ("ALTER TABLE users ENABLE ROW LEVEL SECURITY", "+ table users ROW SECURITY"),
    ("CREATE POLICY own ON users USING (id > 0)", "+ policy users.own"),
    ("CREATE SEQUENCE lonely INCREMENT 5", "+ sequence lonely bigint INCREMENT 5"),
    ("CREATE STATISTICS pair ON user_id, total FROM orders", "+ statistics CREATE STATISTICS public.pair"),
    ("ALTER TABLE days DETACH PARTITION days_2026", "+ table days_2026"),
    ("CREATE TABLE more (id integer)", "+ table more"),
]
_NOT_OF_IT = ["COMMENT ON TABLE users IS 'people'", "GRANT SELECT ON users TO app_login", "ANALYZE", "CREATE SCHEMA other",
              "INSERT INTO users (name) VALUES ('ada')"]


def tasks(context):
    for server in context.servers:
        for test in context.in_turn(server, _TESTS, 3):
            yield lambda server=server, test=test: promise_all(context, server, [test], context, server)


def _filled(context, server):
    database = server.create("baseline")
    with server.connect(database) as connection:
        connection.execute(_SCHEMA)
    return database, context.segue.on(server, database)


def _refused(segue, *arguments, words=(), code=program.REFUSED):
    result = segue.run(*arguments)
    require(result.code == code, f"exit {result.code} instead of {code}\n{result}")
    for word in words:
        require(word in result.text, f"the message says nothing of {word!r}\n{result}")


def _states(segue, folder):
    return {entry["name"]: entry["state"] for entry in segue.run("pending", folder, "--json").json["migrations"]}


def _recorded(context, server):
    """nothing of the schema is touched, and history shows the baseline"""
    database, segue = _filled(context, server)
    before = compare.snapshot(server, database, ("segue", "public_base"))
    result = segue.must("baseline", "--json").json
    require(result["schema"] == "public" and len(result["fingerprint"]) == 64 and result["objects"] > 10, str(result))
    require(not compare.difference(compare.snapshot(server, database, ("segue", "public_base")), before), "it touched the schema")
    history = segue.must("history", "--json").json["baseline"]
    require(history["fingerprint"] == result["fingerprint"] and history["made_by"] == "postgres", str(history))
    require("Baseline of schema public" in segue.must("history").out, "history says nothing")
    require(segue.must("baseline", "--check", "--json").json["differences"] == [], "it differs at once")


def _goes_on(context, server):
    """a folder goes on after the file up to which it was adopted; what was adopted is not started, edited or lost unnoticed"""
    _, segue = _filled(context, server)
    folder = place(server, _FILES)
    segue.must("baseline", "--upto", os.path.join(folder, "0002_second.sql"))
    require(_states(segue, folder) == {"0001_first": "adopted", "0002_second": "adopted", "0003_third": None, "0004_fourth": None},
            str(_states(segue, folder)))
    _refused(segue, "start", os.path.join(folder, "0002_second.sql"), words=("0002_second counts as applied",))
    segue.must("start", folder)
    segue.must("complete")
    require(_states(segue, folder)["0003_third"] == "completed", str(_states(segue, folder)))
    with open(os.path.join(folder, "0001_first.sql"), "a") as file:
        file.write("-- more\n")
    _refused(segue, "start", folder, words=("0001_first", "--edited"))
    os.unlink(os.path.join(folder, "0001_first.sql"))
    _refused(segue, "start", folder, words=("0001_first", "--missing"))
    segue.must("start", folder, "--missing", "--all")
    require(_states(segue, folder)["0004_fourth"] == "active", str(_states(segue, folder)))


def _refusals(context, server):
    """refused with the reason: a migration under way, a baseline that is there, names that are not"""
    _, segue = _filled(context, server)
    folder = place(server, _FILES)
    _refused(segue, "baseline", "--check", words=("schema public has no baseline",))
    _refused(segue, "baseline", "--upto", os.path.join(folder, "0009_ninth.sql"), words=("has no migration 0009_ninth", "0004_fourth"))
    _refused(segue, "baseline", "--upto", os.path.join(folder, "nowhere", "0001_first.sql"), words=("cannot read", "nowhere"))
    _refused(segue, "baseline", "--schema", "nowhere", words=('schema "nowhere" does not exist',))
    _refused(segue, "baseline", "--check", "--again", code=program.USAGE)
    segue.must("start", os.path.join(folder, "0001_first.sql"))
    _refused(segue, "baseline", words=("migration 0001_first is under way", "segue complete"))
    segue.must("rollback")
    segue.must("baseline")
    _refused(segue, "baseline", words=("schema public has a baseline already", "--again"))


def _again(context, server):
    """--again records it anew, with other files; what segue has applied itself stays so"""
    database, segue = _filled(context, server)
    folder = place(server, _FILES)
    first = segue.must("baseline", "--upto", os.path.join(folder, "0001_first.sql"), "--json").json
    segue.must("start", folder)
    segue.must("complete")
    again = segue.must("baseline", "--again", "--upto", os.path.join(folder, "0003_third.sql"), "--json").json
    require(again["fingerprint"] != first["fingerprint"] and again["adopted"] == ["0001_first", "0003_third"], str(again))
    require(_states(segue, folder) == {"0001_first": "adopted", "0002_second": "completed", "0003_third": "adopted",
                                       "0004_fourth": None}, str(_states(segue, folder)))
    segue.must("baseline", "--again")
    with server.connect(database) as connection:
        require(connection.value("SELECT count(*) FROM segue.adopted") == "0", "files are left")


def _drift(context, server):
    """every kind of change of the schema is told by --check with its line; comments, rights and rows are none"""
    database, segue = _filled(context, server)
    segue.must("baseline")
    with server.connect(database) as connection:
        for sql in _NOT_OF_IT:
            connection.execute(sql)
        require(segue.must("baseline", "--check", "--json").json["differences"] == [], "it tells what is no part of it")
    for sql, line in _DRIFTS:
        copy = server.create("drift", template=database)
        with server.connect(copy) as connection:
            connection.execute(sql)
        result = context.segue.on(server, copy).run("baseline", "--check")
        require(result.code == 1 and line in result.out, f"{sql}: {line} is not there\n{result}")
        server.drop(copy)


def _same_elsewhere(context, server):
    """two databases made alike have one fingerprint, whatever the order and the search path"""
    _, segue = _filled(context, server)
    fingerprint = segue.must("baseline", "--json").json["fingerprint"]
    database = server.create("baseline")
    with server.connect(database) as connection:
        connection.execute(_SCHEMA.replace("CREATE INDEX orders_user ON orders (user_id) WHERE total > 0;\n", ""))
        connection.execute("CREATE INDEX orders_user ON orders (user_id) WHERE total > 0")
        connection.execute(f"ALTER DATABASE {database} SET search_path = pg_catalog")
    other = context.segue.on(server, database).must("baseline", "--json").json["fingerprint"]
    require(other == fingerprint, f"{other}, not {fingerprint}")


def _other_schema(context, server):
    """each schema has a baseline of its own"""
    database, segue = _filled(context, server)
    with server.connect(database) as connection:
        connection.execute("CREATE SCHEMA billing; CREATE TABLE billing.bills (id integer PRIMARY KEY)")
    folder = place(server, {"0001_bills.sql": "ALTER TABLE bills ADD COLUMN paid boolean;\n"})
    segue.must("baseline")
    segue.must("baseline", "--schema", "billing", "--upto", os.path.join(folder, "0001_bills.sql"))
    require(segue.must("pending", folder, "--schema", "billing", "--json").json["pending"] == 0, "pending in billing")
    require(segue.must("pending", folder, "--json").json["pending"] == 1, "adopted in public")


_TESTS = (_recorded, _goes_on, _refusals, _again, _drift, _same_elsewhere, _other_schema)
