"""Migrations one after another and several at once: a folder in its order, versions that stand upon one another, and what is refused
of both."""

import os
import shutil
import signal
import tempfile
import time

from . import compare, psql
from .report import require
from .stage import leftovers
from .traffic import Traffic

_SCHEMA = """
CREATE TABLE users (id integer PRIMARY KEY, first text NOT NULL, last text NOT NULL);
INSERT INTO users SELECT i, 'First' || i, 'Last' || i FROM generate_series(1, 400) AS i;
CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users, total numeric(12,2) NOT NULL, state text);
INSERT INTO orders SELECT i, 1 + i % 400, i, 'new' FROM generate_series(1, 400) AS i;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE items (id integer PRIMARY KEY, name text, mood mood DEFAULT 'sad');
INSERT INTO items SELECT i, 'item ' || i FROM generate_series(1, 400) AS i;
CREATE VIEW open_orders AS SELECT id, state FROM orders;
"""
_FILES = {
    "0007_full_name": """
-- segue: up users.full_name = first || ' ' || last
-- segue: down users.first = split_part(full_name, ' ', 1)
-- segue: down users.last = substr(full_name, length(split_part(full_name, ' ', 1)) + 2)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first, DROP COLUMN last;
""",
    "0008_cents": """
-- segue: up orders.cents = (total * 100)::bigint
-- segue: down orders.total = cents / 100.0
ALTER TABLE orders ADD COLUMN cents bigint NOT NULL;
ALTER TABLE orders DROP COLUMN total;
""",
    "0009_goods": """
ALTER TABLE items ADD COLUMN n integer NOT NULL DEFAULT 1;
ALTER TABLE items RENAME TO goods;
ALTER TABLE goods RENAME COLUMN name TO title;
""",
}
_NAMES = list(_FILES)
_VERSIONS = ["public_base"] + ["public_" + name for name in _NAMES]
_OWN = ("segue", *_VERSIONS)
_PATHS = ["public_base, public", "public_0007_full_name, public", "public_0008_cents, public_0007_full_name, public",
          "public_0009_goods, public_0008_cents, public_0007_full_name, public"]
_SEES = {  # what each version's path selects, and the columns that it must give
    "users": (["id", "first", "last"], ["id", "full_name"], ["id", "full_name"], ["id", "full_name"]),
    "orders": (["id", "user_id", "total", "state"], ["id", "user_id", "total", "state"],
               ["id", "user_id", "state", "cents"], ["id", "user_id", "state", "cents"]),
    "items": (["id", "name", "mood"], ["id", "name", "mood"], ["id", "name", "mood"], None),
    "goods": (None, None, None, ["id", "title", "mood", "n"]),
}


def tasks(context):
    for server in context.servers:
        world = _World(context, server)
        for test in (_folder_in_order, _all_at_once, _three_live, _ends_in_order, _complete_below, _refusals, _findings,
                     _line_endings, _paths, _killed, _traffic, _other_schema, _two_schemas):
            yield lambda world=world, test=test: world.run(test)


class _World:
    """One server and a folder of the files."""

    def __init__(self, context, server):
        self.context, self.server = context, server

    def run(self, test):
        with self.context.report.test(f"[{self.server.major}] {' '.join(test.__doc__.split())}"):
            test(self)

    def filled(self, schema=_SCHEMA):
        database = self.server.create("order")
        psql.run_file(self.server, database, _place(tempfile.mkdtemp(dir=self.server.folder), "schema", schema))
        return database, self.context.segue.on(self.server, database)

    def folder(self, files=None):
        """A folder of files, by default all three."""
        folder = tempfile.mkdtemp(dir=self.server.folder)
        os.chmod(folder, 0o755)
        for name, text in (_FILES if files is None else files).items():
            _place(folder, name, text)
        return folder

    def twin(self, names, schema=_SCHEMA):
        """What psql makes of these files."""
        database, _ = self.filled(schema)
        folder = self.folder()
        with self.server.connect(database) as connection:
            connection.execute("TRUNCATE users, orders, items")  # up gives rows what psql has no value for
        for name in names:
            psql.run_file(self.server, database, os.path.join(folder, name + ".sql"))
        return compare.snapshot(self.server, database, _OWN)

    def require_schema(self, database, names):
        difference = compare.difference(compare.snapshot(self.server, database, _OWN), self.twin(names))
        require(not difference, f"the schema differs:\n{difference}")
        with self.server.connect(database) as connection:
            require(not leftovers(connection), f"left behind: {leftovers(connection)}")

    def version_schemas(self, database):
        with self.server.connect(database) as connection:
            return connection.column("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'public\\_%' ORDER BY 1")


def _place(folder, name, text):
    os.chmod(folder, 0o755)
    path = os.path.join(folder, name + ".sql")
    with open(path, "w", newline="") as file:
        file.write(text)
    os.chmod(path, 0o644)
    return path


def _states(segue):
    return {one["name"]: one["state"] for one in segue.must("status", "--json").json["live"]}


def _refused(segue, *arguments, words=()):
    result = segue.run(*arguments)
    require(result.code == 1, f"not refused\n{result}")
    for word in words:
        require(word in result.text, f"the message says nothing of {word!r}\n{result}")


def _folder_in_order(world):
    """a folder's files are started in the order of their names, one a call"""
    database, segue = world.filled()
    folder = world.folder()
    for number, name in enumerate(_NAMES):
        segue.must("start", folder)
        require(list(_states(segue)) == [name], f"started {_states(segue)}, not {name}")
        segue.must("complete", name)
        world.require_schema(database, _NAMES[:number + 1])
    result = segue.must("start", folder)
    require("nothing is pending" in result.text, str(result))
    require(world.version_schemas(database) == [_VERSIONS[-1]], f"versions {world.version_schemas(database)}")


def _all_at_once(world):
    """--all starts and completes one after the other and leaves the last live"""
    database, segue = world.filled()
    segue.must("start", world.folder(), "--all")
    require(_states(segue) == {_NAMES[-1]: "active"}, f"under way: {_states(segue)}")
    segue.must("complete")
    world.require_schema(database, _NAMES)


def _three_live(world):
    """three live migrations: every version sees its own shape of every table, and writes reach all"""
    database, segue = world.filled()
    folder = world.folder()
    for _ in _NAMES:
        segue.must("start", folder)
    require(list(_states(segue).values()) == ["active"] * 3, f"under way: {_states(segue)}")
    _require_sights(world, database)
    with world.server.connect(database) as connection:
        connection.execute("SET search_path = " + _PATHS[3])
        connection.execute("UPDATE users SET full_name = 'Ada King' WHERE id = 1")
        connection.execute("INSERT INTO orders (id, user_id, state, cents) VALUES (1001, 1, 'new', 250)")
        connection.execute("SET search_path = " + _PATHS[0])
        require(connection.rows("SELECT first, last FROM users WHERE id = 1") == [("Ada", "King")], "users of base")
        require(connection.value("SELECT total FROM orders WHERE id = 1001") == "2.50", "orders of base")
        connection.execute("UPDATE orders SET total = 7 WHERE id = 1001")
        connection.execute("SET search_path = " + _PATHS[1])
        require(connection.value("SELECT total FROM orders WHERE id = 1001") == "7.00", "orders of 0007")
        connection.execute("UPDATE orders SET total = 8 WHERE id = 1001")
        connection.execute("SET search_path = " + _PATHS[2])
        require(connection.value("SELECT cents FROM orders WHERE id = 1001") == "800", "orders of 0008")
    for name in _NAMES:
        segue.must("complete", name)
    world.require_schema(database, _NAMES)


def _require_sights(world, database):
    for version, path in enumerate(_PATHS):
        with world.server.connect(database) as connection:
            connection.execute("SET search_path = " + path)
            for table, columns in _SEES.items():
                if columns[version] is None:
                    continue
                found = connection.column("SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1)"
                                          " AND attnum > 0 AND NOT attisdropped ORDER BY attnum", table)
                require(found == columns[version], f"on {path} {table} has {found}, not {columns[version]}")


def _ends_in_order(world):
    """complete goes from the oldest on, rollback from the newest on, anything else is refused with the reason"""
    database, segue = world.filled()
    folder = world.folder()
    before = compare.snapshot(world.server, database, _OWN)
    for _ in _NAMES:
        segue.must("start", folder)
    _refused(segue, "complete", words=("3 migrations are under way", *_NAMES))
    _refused(segue, "complete", "0008_cents", words=("0007_full_name", "must be completed first"))
    _refused(segue, "rollback", "0007_full_name", words=("0009_goods", "must be rolled back first"))
    _refused(segue, "complete", "0010_nothing", words=("is not under way",))
    for name in reversed(_NAMES):
        segue.must("rollback", os.path.join(folder, name + ".sql"))
    difference = compare.difference(compare.snapshot(world.server, database, _OWN), before)
    require(not difference, f"after all rollbacks the schema differs:\n{difference}")
    require(world.version_schemas(database) == ["public_base"], f"versions {world.version_schemas(database)}")


def _complete_below(world):
    """the older migration completes under the newer one, which then goes either way"""
    for end, names in (("complete", _NAMES[:2]), ("rollback", _NAMES[:1])):
        database, segue = world.filled()
        folder = world.folder()
        segue.must("start", folder)
        segue.must("start", folder)
        segue.must("complete", "0007_full_name")
        with world.server.connect(database) as connection:
            connection.execute("SET search_path = " + _PATHS[2])
            require(connection.value("SELECT full_name FROM users WHERE id = 2") == "First2 Last2", "users of 0008")
            connection.execute("SET search_path = " + _PATHS[1])
            require(connection.value("SELECT total FROM orders WHERE id = 2") == "2.00", "orders of 0007")
        segue.must(end)
        world.require_schema(database, names)
        require(world.version_schemas(database) == [_VERSIONS[len(names)]], f"versions {world.version_schemas(database)}")


def _refusals(world):
    """what has something in common with a migration under way is refused with both names"""
    _, segue = world.filled()
    segue.must("start", os.path.join(world.folder(), "0008_cents.sql"))
    for number, (touch, sql) in enumerate((
            ("table public.orders", "ALTER TABLE orders ADD COLUMN x integer;"),
            ("table public.orders", "ALTER TABLE items ADD COLUMN o integer REFERENCES orders;"),
            ("table public.orders", "CREATE INDEX ON orders (state);"),
            ("table public.orders", "-- segue: up items.o = (SELECT count(*) FROM orders WHERE orders.id = items.id)\n"
                                    "ALTER TABLE items ADD COLUMN o bigint;"),
            ("table public.orders", "CREATE TABLE lines (id integer PRIMARY KEY, o integer REFERENCES orders);"),
            ("table public.orders", "-- segue: phase expand\nUPDATE orders SET state = 'x' WHERE state IS NULL;"),
            ("open_orders", "DROP VIEW open_orders;"),
            ("nothing in common", "-- segue: phase contract\nDO $$ BEGIN END $$;"))):
        folder = world.folder({f"001{number}_other": sql})
        _refused(segue, "start", os.path.join(folder, f"001{number}_other.sql"), words=(touch, "0008_cents"))
    require(_states(segue) == {"0008_cents": "active"}, f"under way: {_states(segue)}")
    segue.must("rollback")


def _findings(world):
    """files that are out of order, edited or missing are found by name, refused, and taken where that is asked for"""
    _, segue = world.filled()
    folder = world.folder({name: _FILES[name] for name in _NAMES[1:]})
    segue.must("start", folder)
    segue.must("complete")
    _place(folder, _NAMES[0], _FILES[_NAMES[0]])
    _refused(segue, "start", folder, words=("0007_full_name", "0008_cents", "--out-of-order"))
    _place(folder, _NAMES[1], _FILES[_NAMES[1]] + "-- a word more\n")
    _refused(segue, "start", folder, "--out-of-order", words=("0008_cents", "--edited"))
    found = segue.run("pending", folder, "--json")
    require(found.code == 1, str(found))
    entries = {entry["name"]: entry for entry in found.json["migrations"]}
    require(entries["0007_full_name"]["out_of_order"] and entries["0008_cents"]["edited"]
            and entries["0009_goods"]["pending"], str(found))
    os.unlink(os.path.join(folder, "0008_cents.sql"))
    _refused(segue, "start", folder, "--out-of-order", words=("0008_cents", "--missing"))
    segue.must("start", folder, "--out-of-order", "--missing")
    require(list(_states(segue)) == ["0007_full_name"], f"started {_states(segue)}")
    segue.must("rollback")
    _refused(segue, "start", world.folder({}), words=("holds no migration",))
    twins = world.folder({"0001_twin": "ALTER TABLE items ADD COLUMN twin text;"})
    shutil.copy(os.path.join(twins, "0001_twin.sql"), os.path.join(twins, "0001_twin.SQL"))
    _refused(segue, "start", twins, words=("are of one name", "0001_twin.SQL"))


def _line_endings(world):
    """a file checked out with other line endings is the same file"""
    _, segue = world.filled()
    folder = world.folder()
    segue.must("start", folder)
    segue.must("complete")
    _place(folder, _NAMES[0], "\ufeff" + _FILES[_NAMES[0]].replace("\n", "\r\n"))
    found = segue.must("pending", folder, "--json").json
    require(found["edited"] == 0 and found["pending"] == 2, str(found))


def _paths(world):
    """url and use give the whole stack of versions"""
    database, segue = world.filled()
    folder = world.folder()
    for _ in _NAMES:
        segue.must("start", folder)
    for version, path in zip(_VERSIONS, _PATHS):
        url = segue.must("url", version).out
        require("search_path%3D" + path.replace(", ", "%2C") in url, f"{version}: {url}")
        segue.must("use", version, "--role", "app_login")
        with world.server.connect(database, "app_login") as connection:
            found = connection.value("SHOW search_path")
        require(found.endswith(path), f"{version}: {found}")
    with world.server.connect(database) as connection:
        connection.execute("ALTER ROLE app_login RESET ALL")


def _killed(world):
    """start, complete and rollback of the second migration, killed at every step, end as ever"""
    for end, names in (("complete", _NAMES[:2]), ("rollback", _NAMES[:1])):
        database, segue = world.filled()
        folder = world.folder()
        segue.must("start", folder)
        path = os.path.join(folder, _NAMES[1] + ".sql")
        steps = segue.must("plan", path, "--json").json["steps"]
        _kill_on_the_way(segue, ("start", path), [step["id"] for step in steps if step["phase"] != "contract"])
        if end == "rollback":
            _kill_on_the_way(segue, ("rollback", _NAMES[1]), [step["id"] for step in reversed(steps)])
            segue.must("complete")
        else:
            _kill_on_the_way(segue, ("complete", _NAMES[0], "--force"), ["contract/010/users/switch"])
            _kill_on_the_way(segue, ("complete", _NAMES[1]), [step["id"] for step in steps if step["phase"] == "contract"])
        world.require_schema(database, names)


def _kill_on_the_way(segue, command, steps):
    for step in steps:
        for moment in ("before", "after"):
            result = segue.run(*command, fault=f"{step}:{moment}:kill")
            require(result.code in (0, -signal.SIGKILL), f"at {step} {moment}\n{result}")
            if result.code == 0:
                return
    segue.must(*command)


def _traffic(world):
    """traffic of the versions of both migrations at once, through the start of the second and the end of the first"""
    database, segue = world.filled()
    folder = world.folder()
    segue.must("start", folder)
    users = ("--migration", _NAMES[0], "--tables", "users", "--set", "old:users.first='Ada'", "--set",
             "old:users.last='King'", "--set", "new:users.full_name='Ada King'")
    orders = ("--migration", _NAMES[1], "--tables", "orders", "--set", "old:orders.total=floor(random()*100)",
              "--set", "orders.user_id=1")
    with Traffic(segue, users, 2, 2) as first, Traffic(segue, orders, 2, 2) as second:
        first.wait_for("old", "new")
        second.wait_for("old")
        segue.must("start", folder, "--pace", "50")
        second.wait_for("new")
        time.sleep(1)
        first.end_old()
        time.sleep(0.4)
        segue.must("complete", _NAMES[0], "--force")
        time.sleep(0.4)
        second.end_old()
        time.sleep(0.4)
        segue.must("complete", _NAMES[1], "--force")
        time.sleep(0.4)
        for traffic in (first, second):
            report, code = traffic.report()
            require(code == 0, f"exit {code}: {report}")
    world.require_schema(database, _NAMES[:2])


_BILLING = """
CREATE SCHEMA "Billing Dept";
CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO customers SELECT i, 'customer ' || i FROM generate_series(1, 300) AS i;
CREATE DOMAIN public.money_amount AS numeric(12,2);
CREATE FUNCTION public.shout(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';
CREATE TABLE "Billing Dept".customers (id integer PRIMARY KEY REFERENCES public.customers, note text);
CREATE TABLE "Billing Dept"."Invoices" (id integer PRIMARY KEY, customer integer NOT NULL REFERENCES public.customers,
    total public.money_amount NOT NULL, label text);
INSERT INTO "Billing Dept".customers SELECT id, 'n' FROM public.customers;
INSERT INTO "Billing Dept"."Invoices" SELECT i, i, i, 'invoice ' || i FROM generate_series(1, 300) AS i;
"""
_BILLING_FILE = """
-- segue: up "Billing Dept"."Invoices".title = public.shout(label)
-- segue: down "Billing Dept"."Invoices".label = lower(title)
"""


def _in_billing(world, sql, end):
    database, segue = world.filled(_BILLING)
    path = os.path.join(world.folder({"0007_titles": sql}), "0007_titles.sql")
    segue.must("start", path, "--schema", "Billing Dept")
    return database, segue


def _other_schema(world):
    """a migration of another schema, quoted, whose tables refer to tables, types and functions of public, and have names of its tables"""
    sql = ('-- segue: up "Invoices".title = public.shout(label)\n-- segue: down "Invoices".label = lower(title)\n'
           'ALTER TABLE "Billing Dept"."Invoices" ADD COLUMN title text;\n'
           'ALTER TABLE "Billing Dept"."Invoices" DROP COLUMN label;\n'
           'ALTER TABLE "Billing Dept".customers RENAME COLUMN note TO remark;\n'
           'ALTER TABLE "Billing Dept".customers ADD COLUMN due public.money_amount NOT NULL DEFAULT 0;\n')
    own = ("segue", "Billing Dept_base", "Billing Dept_0007_titles")
    wanted, _ = world.filled(_BILLING)
    before = compare.snapshot(world.server, wanted, own)
    psql.run_file(world.server, wanted, os.path.join(world.folder({"a": sql}), "a.sql"))
    for end, expected in (("complete", compare.snapshot(world.server, wanted, own)), ("rollback", before)):
        database, segue = _in_billing(world, sql, end)
        with world.server.connect(database) as connection:
            connection.execute('SET search_path = "Billing Dept_0007_titles", "Billing Dept", public')
            require(connection.rows('SELECT title FROM "Invoices" WHERE id = 3') == [("INVOICE 3",)], "title")
            require(connection.rows("SELECT id, remark FROM customers WHERE id = 3") == [("3", "n")], "remark")
            connection.execute('UPDATE "Invoices" SET title = \'NEW\' WHERE id = 3')
            connection.execute('SET search_path = "Billing Dept_base", "Billing Dept", public')
            require(connection.rows('SELECT label FROM "Invoices" WHERE id = 3') == [("new",)], "label")
        segue.must(end, "--schema", "Billing Dept")
        difference = compare.difference(compare.snapshot(world.server, database, own), expected)
        require(not difference, f"after {end} the schema differs:\n{difference}")


def _two_schemas(world):
    """migrations of two schemas with tables of one name are live at once, and end in any order"""
    database, segue = world.filled(_BILLING)
    change = "ALTER TABLE customers RENAME COLUMN {0} TO called;\n-- segue: up customers.size = length({0})\n" \
             "ALTER TABLE customers ADD COLUMN size integer;\n"
    public = os.path.join(world.folder({"0007_called": change.format("name")}), "0007_called.sql")
    billing = os.path.join(world.folder({"0007_called": change.format("note")}), "0007_called.sql")
    segue.must("start", public)
    segue.must("start", billing, "--schema", "Billing Dept")
    with world.server.connect(database) as connection:
        connection.execute("SET search_path = public_0007_called, public")
        require(connection.rows("SELECT called, size FROM customers WHERE id = 3") == [("customer 3", "10")], "public")
        connection.execute('SET search_path = "Billing Dept_0007_called", "Billing Dept"')
        require(connection.rows("SELECT called, size FROM customers WHERE id = 3") == [("n", "1")], "billing")
    segue.must("rollback", "0007_called", "--schema", "Billing Dept")
    segue.must("complete", "0007_called")
    with world.server.connect(database) as connection:
        require(connection.value("SELECT count(called) FROM public.customers") == "300", "public after complete")
        require(connection.value('SELECT count(note) FROM "Billing Dept".customers') == "300", "billing after rollback")
