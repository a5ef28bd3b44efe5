"""Marks: the migration that another tool has in its history is there from the moment when the new version goes live, exactly once
whatever is killed, and gone after a rollback. Each tool by the table that it makes itself; dbmate by its own program."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import zlib

from . import psql, scenario
from .promises import promise_all
from .report import require
from .server import PORT

_SCHEMA = """
CREATE TABLE users (id integer PRIMARY KEY, first text NOT NULL, last text NOT NULL);
INSERT INTO users SELECT i, 'First' || i, 'Last' || i FROM generate_series(1, 200) AS i;
"""
_CHANGE = """
-- segue: up users.full_name = first || ' ' || last
-- segue: down users.first = split_part(full_name, ' ', 1)
-- segue: down users.last = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first, DROP COLUMN last;
"""
_VIEWS = "activate/010/views"
_ELSEWHERE = 8  # one in so many on the servers after the first


class _Tool:
    """A tool's table as it makes it, with a row of its own; the mark; and what the table must have more of then."""

    def __init__(self, word, layout, mark, table, row, **more):
        self.word, self.layout, self.mark, self.table, self.row = word, layout, mark, table, row
        self.name = more.pop("name", "0007_full_name")  # of the migration
        self.files = more.pop("files", {})
        self.also = more.pop("also", {})  # other tables, and their row
        self.gone = more.pop("gone", None)  # the row that is replaced
        assert not more

    def text(self):
        return f"-- segue: {self.mark}\n{_CHANGE}"


def _flyway_checksum(text):
    unsigned = zlib.crc32("".join(text.splitlines()).encode())
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned


_FLYWAY = """
CREATE TABLE "public"."flyway_schema_history" (
    "installed_rank" INT NOT NULL, "version" VARCHAR(50), "description" VARCHAR(200) NOT NULL, "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL, "checksum" INTEGER, "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TIMESTAMP NOT NULL DEFAULT now(), "execution_time" INTEGER NOT NULL, "success" BOOLEAN NOT NULL);
ALTER TABLE "public"."flyway_schema_history" ADD CONSTRAINT "flyway_schema_history_pk" PRIMARY KEY ("installed_rank");
CREATE INDEX "flyway_schema_history_s_idx" ON "public"."flyway_schema_history" ("success");
INSERT INTO flyway_schema_history VALUES (1, '1', 'init', 'SQL', 'V1__init.sql', 1996767037, 'app', '2026-01-01', 12, true),
    (4, NULL, 'views', 'SQL', 'R__views.sql', 7, 'app', '2026-01-01', 12, true);
"""
_OTHER_FILE = "ALTER TABLE users ADD COLUMN full_name text;\r\n-- größer\r\nALTER TABLE users DROP COLUMN first;"
_TOOLS = [
    _Tool("flyway", _FLYWAY, "marks flyway 7", "flyway_schema_history",
          lambda self: {"installed_rank": "5", "version": "7", "description": "full name", "type": "SQL",
                        "script": "V7__full_name.sql", "checksum": str(_flyway_checksum(self.text())), "success": "t"},
          name="V7__full_name"),
    _Tool("flyway's own file", _FLYWAY, 'marks flyway 7.1 "Full name" file "db/V7_1__Full_name.sql"', "flyway_schema_history",
          lambda self: {"installed_rank": "5", "version": "7.1", "description": "Full name", "script": "V7_1__Full_name.sql",
                        "checksum": str(_flyway_checksum(_OTHER_FILE))},
          files={"db/V7_1__Full_name.sql": _OTHER_FILE}),
    _Tool("liquibase", """
CREATE TABLE public.databasechangelog (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL,
    DATEEXECUTED TIMESTAMP WITHOUT TIME ZONE NOT NULL, ORDEREXECUTED INTEGER NOT NULL, EXECTYPE VARCHAR(10) NOT NULL,
    MD5SUM VARCHAR(35), DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20),
    CONTEXTS VARCHAR(255), LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10));
CREATE TABLE public.databasechangeloglock (ID INTEGER NOT NULL, LOCKED BOOLEAN NOT NULL, LOCKGRANTED TIMESTAMP WITHOUT TIME ZONE,
    LOCKEDBY VARCHAR(255), CONSTRAINT databasechangeloglock_pkey PRIMARY KEY (ID));
INSERT INTO databasechangelog VALUES ('1', 'ada', 'db/changelog.xml', '2026-01-01', 3, 'EXECUTED',
    '9:6a1c9ac8bd8d8a8bd8d8a8bd8d8a8bd8', 'createTable', '', NULL, '4.27.0', NULL, NULL, '1234567890');
""", 'marks liquibase db/changelog.xml::7::ada "full name"', "databasechangelog",
          {"id": "7", "author": "ada", "filename": "db/changelog.xml", "orderexecuted": "4", "exectype": "EXECUTED",
           "md5sum": None, "description": "full name", "liquibase": "4.27.0"}),
    _Tool("rails", """
CREATE TABLE "schema_migrations" ("version" character varying NOT NULL PRIMARY KEY);
CREATE TABLE "ar_internal_metadata" ("key" character varying NOT NULL PRIMARY KEY, "value" character varying,
    "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL);
INSERT INTO schema_migrations VALUES ('20260101000000');
""", "marks rails 20261122093000", "schema_migrations", {"version": "20261122093000"}),
    _Tool("django", """
CREATE TABLE "django_migrations" ("id" bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,
    "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" timestamp with time zone NOT NULL);
INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0001_initial', '2026-01-01');
""", "marks django shop.0007_full_name", "django_migrations", {"app": "shop", "name": "0007_full_name"}),
    _Tool("alembic", """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version VALUES ('1975ea83b712'), ('27c6a30d7c24');
""", "marks alembic ae1027a6acf1 after 1975ea83b712", "alembic_version", {"version_num": "ae1027a6acf1"},
          gone={"version_num": "1975ea83b712"}),
    _Tool("alembic, its first one", """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
""", "marks alembic ae1027a6acf1 after none", "alembic_version", {"version_num": "ae1027a6acf1"}),
    _Tool("ef", """
CREATE TABLE "__EFMigrationsHistory" ("MigrationId" character varying(150) NOT NULL, "ProductVersion" character varying(32) NOT NULL,
    CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId"));
INSERT INTO "__EFMigrationsHistory" VALUES ('20260101000000_Initial', '8.0.1');
""", "marks ef 20261122093000_FullName", '"__EFMigrationsHistory"', {"MigrationId": "20261122093000_FullName", "ProductVersion": "8.0.1"}),
    _Tool("ef in snake case", """
CREATE TABLE "__EFMigrationsHistory" (migration_id character varying(150) NOT NULL, product_version character varying(32) NOT NULL,
    CONSTRAINT pk___ef_migrations_history PRIMARY KEY (migration_id));
""", "marks ef 20261122093000_FullName", '"__EFMigrationsHistory"', {"migration_id": "20261122093000_FullName", "product_version": "unknown"}),
    _Tool("prisma", """
CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0);
INSERT INTO _prisma_migrations VALUES ('59a0fd7a-5c2f-4dcd-9f1e-000000000001', repeat('0', 64), '2026-01-01', '20260101000000_init',
    NULL, NULL, '2026-01-01', 1);
""", 'marks prisma 20261122093000_full_name file "../20261122093000_full_name/migration.sql"', "_prisma_migrations",
          {"migration_name": "20261122093000_full_name", "checksum": hashlib.sha256(_OTHER_FILE.encode()).hexdigest(),
           "rolled_back_at": None, "applied_steps_count": "1"},
          name="segue/0007_full_name", files={"20261122093000_full_name/migration.sql": _OTHER_FILE}),
    _Tool("knex", """
CREATE TABLE "knex_migrations" ("id" serial primary key, "name" varchar(255), "batch" integer, "migration_time" timestamptz);
CREATE TABLE "knex_migrations_lock" ("index" serial primary key, "is_locked" integer);
INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20260101000000_init.js', 3, '2026-01-01');
""", "marks knex 20261122093000_full_name.js", "knex_migrations", {"name": "20261122093000_full_name.js", "batch": "4"}),
    _Tool("sequelize", """
CREATE TABLE "SequelizeMeta" ("name" VARCHAR(255) NOT NULL UNIQUE, PRIMARY KEY ("name"));
INSERT INTO "SequelizeMeta" VALUES ('20260101000000-init.js');
""", "marks sequelize 20261122093000-full-name.js", '"SequelizeMeta"', {"name": "20261122093000-full-name.js"}),
    _Tool("typeorm", """
CREATE TABLE "migrations" ("id" SERIAL NOT NULL, "timestamp" bigint NOT NULL, "name" character varying NOT NULL,
    CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY ("id"));
INSERT INTO migrations (timestamp, name) VALUES (1700000000000, 'Init1700000000000');
""", "marks typeorm FullName1732267800000", "migrations", {"timestamp": "1732267800000", "name": "FullName1732267800000"}),
    _Tool("golang-migrate", """
CREATE TABLE "public"."schema_migrations" (version bigint not null primary key, dirty boolean not null);
INSERT INTO schema_migrations VALUES (6, false);
""", "marks golang-migrate 7 after 6", "schema_migrations", {"version": "7", "dirty": "f"}, gone={"version": "6", "dirty": "f"}),
    _Tool("dbmate", """
CREATE TABLE "public"."schema_migrations" (version varchar(128) primary key);
INSERT INTO schema_migrations VALUES ('20260101000000');
""", "marks dbmate 20261122093000", "schema_migrations", {"version": "20261122093000"}),
    _Tool("sqitch", open(os.path.join(scenario.TESTS, "marks", "sqitch.sql")).read(),
          "marks sqitch 2ee1f8232096ca3ba2481f2157847a2a102e64d2 \"full_name\"", "sqitch.changes",
          {"change_id": "2ee1f8232096ca3ba2481f2157847a2a102e64d2", "change": "full_name", "project": "shop", "note": ""},
          also={"sqitch.events": {"event": "deploy", "change_id": "2ee1f8232096ca3ba2481f2157847a2a102e64d2"}}),
    _Tool("diesel", """
CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL,
    run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
INSERT INTO __diesel_schema_migrations VALUES ('20260101000000', '2026-01-01');
""", "marks diesel 20261122093000", "__diesel_schema_migrations", {"version": "20261122093000"}),
    _Tool("ecto", """
CREATE TABLE "schema_migrations" ("version" bigint, "inserted_at" timestamp(0), PRIMARY KEY ("version"));
INSERT INTO schema_migrations VALUES (20260101000000, '2026-01-01');
""", "marks ecto 20261122093000", "schema_migrations", {"version": "20261122093000"}),
    _Tool("a table elsewhere", """
CREATE SCHEMA tools;
CREATE TABLE tools."Done" (version character varying NOT NULL PRIMARY KEY);
""", 'marks rails 20261122093000 in tools."Done"', 'tools."Done"', {"version": "20261122093000"}),
]


def tasks(context):
    for server in context.servers:
        for test in context.in_turn(server, [*_TOOLS, _two_live, _moved_meanwhile, _dbmate], _ELSEWHERE):
            run = _run if isinstance(test, _Tool) else _own
            yield lambda server=server, run=run, test=test: run(context, server, test)


def _own(context, server, test):
    promise_all(context, server, [test], context, server)


def _run(context, server, tool):
    with context.report.test(f"[{server.major}] {tool.word} is marked: killed at activation, rolled back, completed"):
        _through(context, server, tool)


def place(server, files):
    """A folder of files by their paths."""
    folder = tempfile.mkdtemp(dir=server.folder)
    os.chmod(folder, 0o755)
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", newline="") as file:
            file.write(text)
    for path, _, _ in os.walk(folder):
        os.chmod(path, 0o755)
    return folder


def _filled(context, server, schema):
    database = server.create("marks")
    psql.run_file(server, database, os.path.join(place(server, {"schema.sql": _SCHEMA + schema}), "schema.sql"))
    return database, context.segue.on(server, database)


def _rows(server, database, table):
    with server.connect(database) as connection:
        return sorted(connection.dicts(f"SELECT * FROM {table}"), key=str)


def _all_rows(server, database, tool):
    return {table: _rows(server, database, table) for table in (tool.table, *tool.also)}


def _require_marked(server, database, tool, before):
    """What was there is there, but for the row that is replaced; and the new row once."""
    row = tool.row(tool) if callable(tool.row) else tool.row
    for table, wanted in {tool.table: row, **tool.also}.items():
        now = _rows(server, database, table)
        kept = [one for one in before[table] if table != tool.table or not tool.gone or not _is(one, tool.gone)]
        require(all(one in now for one in kept), f"{table}: {kept} became {now}")
        new = [one for one in now if one not in kept]
        require(len(new) == 1 and _is(new[0], wanted), f"{table}: of {wanted} there is {new}")


def _is(row, wanted):
    return all(row[name] == value for name, value in wanted.items())


def _through(context, server, tool):
    database, segue = _filled(context, server, tool.layout)
    folder = place(server, {tool.name + ".sql": tool.text(), **tool.files})
    path = os.path.join(folder, tool.name + ".sql")
    before = _all_rows(server, database, tool)
    segue.run("start", path, fault=f"{_VIEWS}:before:kill")
    require(_all_rows(server, database, tool) == before, "it is marked before the new version is live")
    segue.run("start", path, fault=f"{_VIEWS}:after:kill")
    _require_marked(server, database, tool, before)
    segue.must("start", path)
    _require_marked(server, database, tool, before)
    segue.run("rollback", fault=f"{_VIEWS}:before:kill")
    segue.run("rollback", fault=f"{_VIEWS}:after:kill")
    segue.run("rollback")
    require(segue.must("history", "--json").json["migrations"][0]["state"] == "rolled-back", "not rolled back")
    require(_all_rows(server, database, tool) == before, f"after rollback {_all_rows(server, database, tool)}, not {before}")
    result = segue.run("start", path, fault=f"{_VIEWS}:after:drop-connection")
    require(result.code == 0, f"a lost answer to COMMIT\n{result}")
    segue.must("complete")
    _require_marked(server, database, tool, before)


def _two_live(context, server):
    """two migrations that are live together mark one table, the second after the first"""
    database, segue = _filled(context, server, """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version VALUES ('a');
CREATE TABLE things (id integer PRIMARY KEY);
""")
    folder = place(server, {"0007_full_name.sql": "-- segue: marks alembic b after a\n" + _CHANGE,
                            "0008_things.sql": "-- segue: marks alembic c after b\nALTER TABLE things ADD COLUMN n integer;\n"})
    segue.must("start", folder)
    segue.must("start", folder)
    require(_rows(server, database, "alembic_version") == [{"version_num": "c"}], "not at c")
    segue.must("rollback", "0008_things")
    require(_rows(server, database, "alembic_version") == [{"version_num": "b"}], "not back at b")
    segue.must("rollback", "0007_full_name")
    require(_rows(server, database, "alembic_version") == [{"version_num": "a"}], "not back at a")


def _moved_meanwhile(context, server):
    """a tool that has moved on meanwhile stops the activation, which goes on when it is back, or is rolled back"""
    for end in ("resume", "rollback"):
        database, segue = _filled(context, server, """
CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null);
INSERT INTO schema_migrations VALUES (6, false);
""")
        path = os.path.join(place(server, {"0007_full_name.sql": "-- segue: marks golang-migrate 7 after 6\n" + _CHANGE}),
                            "0007_full_name.sql")
        segue.run("start", path, fault=f"{_VIEWS}:before:kill")
        with server.connect(database) as connection:
            connection.execute("UPDATE schema_migrations SET version = 8")
        result = segue.run("start", path)
        require(result.code == 3 and "golang-migrate is not at version 6 any more" in result.text, str(result))
        with server.connect(database) as connection:
            require(connection.value("SELECT to_regclass('public_0007_full_name.users') IS NULL") == "t", "the version is live")
            if end == "resume":
                connection.execute("UPDATE schema_migrations SET version = 6")
        segue.must(end)
        wanted = "7" if end == "resume" else "8"
        require(_rows(server, database, "schema_migrations") == [{"version": wanted, "dirty": "f"}], f"after {end}")


def _dbmate(context, server):
    """dbmate itself: it made its table, it takes the marked migration for applied and does not run it, and after a rollback
    it is pending again"""
    program = subprocess.run([os.path.join(os.path.dirname(scenario.TESTS), "script", "fetch-dbmate")], stdout=subprocess.PIPE,
                             check=True, text=True).stdout.split()[0]
    database, segue = _filled(context, server, "")
    first = "-- migrate:up\nCREATE TABLE things (id integer PRIMARY KEY);\n-- migrate:down\nDROP TABLE things;\n"
    second = "-- migrate:up\nDO $$ BEGIN RAISE 'run by dbmate'; END $$;\n-- migrate:down\n"
    third = "-- migrate:up\nCREATE TABLE more (id integer PRIMARY KEY);\n-- migrate:down\nDROP TABLE more;\n"
    folder = place(server, {"db/20260101000000_first.sql": first, "db/20261122093000_full_name.sql": second,
                            "0007_full_name.sql": "-- segue: marks dbmate 20261122093000\n" + _CHANGE})
    migrations = os.path.join(folder, "db")
    later = os.path.join(migrations, "20261201000000_third.sql")

    def dbmate(*arguments):
        url = f"postgres://postgres@/{database}?socket={server.folder}&port={PORT}&sslmode=disable"
        return subprocess.run([program, "--url", url, "--migrations-dir", migrations, "--no-dump-schema", *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)

    hidden = os.path.join(folder, "later.sql")
    shutil.move(os.path.join(migrations, "20261122093000_full_name.sql"), hidden)
    result = dbmate("migrate")
    require(result.returncode == 0 and "20260101000000" in result.stdout, result.stdout)
    shutil.move(hidden, os.path.join(migrations, "20261122093000_full_name.sql"))
    require("[ ] 20261122093000_full_name.sql" in dbmate("status").stdout, "not pending before")
    path = os.path.join(folder, "0007_full_name.sql")
    segue.must("start", path)
    require("[X] 20261122093000_full_name.sql" in dbmate("status").stdout, dbmate("status").stdout)
    result = dbmate("up")
    require(result.returncode == 0 and "run by dbmate" not in result.stdout, result.stdout)
    segue.must("rollback")
    require("[ ] 20261122093000_full_name.sql" in dbmate("status").stdout, "not pending after rollback")
    segue.must("start", path)
    segue.must("complete")
    with open(later, "w") as file:
        file.write(third)
    result = dbmate("up")
    require(result.returncode == 0 and "20261201000000" in result.stdout and "20261122093000" not in result.stdout, result.stdout)
    require("Pending: 0" in dbmate("status").stdout, dbmate("status").stdout)
