"""The privileges of docs/privileges.md suffice for a whole migration's life, and a password is
seen nowhere: not in messages, state tables, the server's log or the process list."""

import os
import re
import time

from . import dump, psql
from .oracle_schema import require_schema
from .program import Session
from .promises import promise_all
from .report import require
from .scenario import Scenario, TESTS

_SCENARIOS = ["35_merge_columns", "62_add_enum_value", "77_touch_trigger", "83_several_tables", "90_everything"]
_SECRET = "planted-s3cret-phrase"
_DOCUMENT = os.path.join(os.path.dirname(TESTS), "docs", "privileges.md")

# Everything in schema public is given to the role that owns the application's objects.
_GIVE_AWAY = """
SELECT format('ALTER %s %s OWNER TO app_owner', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
              ELSE 'TABLE' END, c.oid::regclass)
FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype IN ('a', 'i') AND relkind = 'S')
UNION ALL SELECT format('ALTER TYPE %s OWNER TO app_owner', oid::regtype)
FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
UNION ALL SELECT format('ALTER FUNCTION %s OWNER TO app_owner', oid::regprocedure)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


def _all(context, server):
    for name in _SCENARIOS:
        scenario = Scenario(os.path.join(TESTS, "scenario", name))
        stage = context.stage(server, scenario)
        with context.report.test(f"{stage.label()}: a role with the documented privileges runs all of it"):
            _least_privilege(context, server, stage)
    promise_all(context, server, (_no_secret_anywhere, _no_secret_in_errors), context, server)


def _documented(server, database):
    """The documented statements for this server, run in the database."""
    with open(_DOCUMENT) as file:
        own, _, _ = file.read().partition("## Lint")  # a role of its own: oracle_weigh.py
    blocks = re.findall(r"```sql\n(.*?)```", own, re.S)
    if server.version < 150000:
        blocks = blocks[:1]
    with server.connect(database) as connection:
        known = connection.value("SELECT count(*) FROM pg_roles WHERE rolname = 'segue_runner'") != "0"
        for statement in dump.split_statements("".join(blocks)):
            if known and statement.startswith("CREATE ROLE"):
                continue
            statement = statement.replace("shop_owner", "app_owner").replace("DATABASE shop", f'DATABASE "{database}"')
            connection.execute(statement)


def _least_privilege(context, server, stage):
    ground = server.create("privilege", template=stage.filled())
    with server.connect(ground) as connection:
        for statement in connection.column(_GIVE_AWAY):
            connection.execute(statement)
    databases = [ground] + [server.create("privilege", template=ground) for _ in range(2)]
    for database in databases:
        _documented(server, database)
    forward, back, twin = databases
    before = stage.found(back)
    _twin(server, stage, twin)
    for database, end, wanted in ((forward, ("complete", "--force"), stage.found(twin)), (back, ("rollback",), before)):
        segue = context.segue.on(server, database, user="segue_runner")
        segue.must("init")
        if server.version < 150000 and stage.scenario.name == "77_touch_trigger":
            # Only a superuser may silence triggers there; the refusal says so.
            result = segue.run("start", stage.migration)
            require(result.code == 1 and "touch" in result.err, str(result))
            continue
        segue.must("start", stage.migration)
        segue.must("status", "--json")
        segue.must("history")
        segue.must(*end)
        require_schema(stage, database, wanted)
    for database in databases:
        server.drop(database)


def _twin(server, stage, database):
    """psql runs the file with the same role, on the schema without rows."""
    with server.connect(database) as connection:
        tables = connection.column("SELECT oid::regclass::text FROM pg_class"
                                   " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        connection.execute("TRUNCATE " + ", ".join(tables) + " CASCADE")
    psql.run_file(server, database, stage.migration, user="segue_runner")


def _secretive(context, server):
    """A database, and the program with a URL whose role must give a password."""
    stage = context.stage(server, Scenario(os.path.join(TESTS, "scenario", "35_merge_columns")))
    database = server.create("secret", template=stage.filled())
    with server.connect(database) as connection:
        if connection.value("SELECT count(*) FROM pg_roles WHERE rolname = 'with_password'") == "0":
            connection.execute(f"CREATE ROLE with_password SUPERUSER LOGIN PASSWORD '{_SECRET}'")
    return stage, database, server.url(database, "with_password", _SECRET)


def _no_secret_anywhere(context, server):
    """A password in the URL appears in no output, state table, log, activity view or process list"""
    stage, database, url = _secretive(context, server)
    by_environment = Session(context.options.segue, url)
    outputs = [by_environment.must(*arguments).text for arguments in
               (("init",), ("plan", stage.migration), ("plan", stage.migration, "--json"))]
    elsewhere = Session(context.options.segue, "postgresql:///nowhere?host=/nonexistent")
    with server.connect(database) as holder:
        # While a lock is awaited there is time to look at the process.
        holder.execute("BEGIN; SELECT count(*) FROM users")
        time.sleep(0.3)
        process = elsewhere.start("start", stage.migration, "--url", url, "--lock-budget", "2s")
        time.sleep(0.7)
        with open(f"/proc/{process.pid}/cmdline", "rb") as file:
            command_line = file.read().decode(errors="replace")
        activity = holder.rows("SELECT application_name, query FROM pg_stat_activity")
        out, err = process.communicate(timeout=60)
        holder.execute("COMMIT")
    outputs += [(out + err).decode(errors="replace"), str(activity)]
    require(_SECRET not in command_line, f"the process list shows it: {command_line}")
    for arguments in (("start", stage.migration), ("status",), ("status", "--json"), ("url", "base"),
                      ("url", "base", "--json"), ("complete", "--force"), ("history", "--json")):
        outputs.append(by_environment.must(*arguments).text)
    for output in outputs:
        require(_SECRET not in output, f"printed:\n{output}")
    with server.connect(database) as connection:
        for table in connection.column("SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'v')"
                                       " AND relnamespace = 'segue'::regnamespace"):
            hits = connection.rows(f"SELECT * FROM {table} AS t WHERE t::text LIKE '%{_SECRET}%'")
            require(not hits, f"{table}: {hits}")
    with open(server.log_path, errors="replace") as log:
        require(_SECRET not in log.read(), "the server's log has it")
    server.drop(database)


def _no_secret_in_errors(context, server):
    """Errors about a connection do not repeat the URL or its password"""
    _, _, url = _secretive(context, server)
    for wrong in (url.replace("with_password", "nobody_at_all"), url.replace("host=", "hots="),
                  url.replace(f"/{server.folder.strip('/')}", "/nonexistent"), url.replace("port=5432", "port=x"),
                  url.replace(_SECRET, _SECRET + "%zz"), f"host={server.folder} user=with_password password={_SECRET} x"):
        for session, arguments in ((Session(context.options.segue, wrong), ("status",)),
                                   (Session(context.options.segue, ""), ("status", "--url", wrong))):
            result = session.run(*arguments)
            require(result.code in (2, 3), f"{wrong}\n{result}")
            require(_SECRET not in result.text, f"printed:\n{result}")
