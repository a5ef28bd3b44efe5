"""`segue plan` as a runbook: its commands do what it says when a shell runs them word for word, its facts are those of the server, every
format holds, and what is not to be seen is said."""

import html.parser
import json
import os
import re
import shutil
import subprocess
import threading

from . import compare, server as servers
from .program import Session, find_key
from .promises import Ground, promise_tasks
from .report import require
from .traffic import wait_until

_ROWS = 3000
_SCHEMA = [
    "CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL)",
    "INSERT INTO customers SELECT i, 'c' || i FROM generate_series(1, 50) i",
    "CREATE TABLE users (id bigint PRIMARY KEY, customer bigint NOT NULL REFERENCES customers, first_name text NOT NULL,"
    " last_name text NOT NULL)",
    "CREATE INDEX users_of_customer ON users (customer)",
    f"INSERT INTO users SELECT i, CASE WHEN i % 2 = 0 THEN 7 ELSE 1 + i % 50 END, 'f' || i, 'l' || i FROM generate_series(1, {_ROWS}) i",
    "ANALYZE",
]
_MIGRATION = """
-- segue: goal "one name" owner: people
-- segue: up   users.full_name  = first_name || ' ' || last_name
-- segue: down users.first_name = split_part(full_name, ' ', 1)
-- segue: down users.last_name  = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;
"""
_STRANGE_TABLE = "<script>alert(1)</script>"
_STRANGE_SCHEMA = [
    f'CREATE TABLE "{_STRANGE_TABLE}" (id integer PRIMARY KEY, "a|b" text, "`*_&quot;" integer)',
    f'INSERT INTO "{_STRANGE_TABLE}" SELECT i, \'x\', i FROM generate_series(1, 10) i',
    f'CREATE TABLE "parts|of" (id integer, at integer) PARTITION BY RANGE (id)',
    'CREATE TABLE "first|part" PARTITION OF "parts|of" FOR VALUES FROM (0) TO (10)',
    'CREATE TABLE "second|part" PARTITION OF "parts|of" FOR VALUES FROM (10) TO (20)',
    'INSERT INTO "parts|of" SELECT i % 20, i FROM generate_series(1, 100) i',
    "ANALYZE",
]
_STRANGE_MIGRATION = f"""
-- segue: goal "<b>bold</b> & 'quoted' | piped" owner: "<i>me</i>"
ALTER TABLE "{_STRANGE_TABLE}" ALTER COLUMN "`*_&quot;" SET NOT NULL;
ALTER TABLE "{_STRANGE_TABLE}" RENAME COLUMN "a|b" TO "c|d";
ALTER TABLE "parts|of" ADD COLUMN note text;
"""


def tasks(context):
    return promise_tasks(context, _PROMISES, _Ground)


class _Ground(Ground):
    def __init__(self, context, server):
        super().__init__(context, server)
        self.migration = self.file("one_name", _MIGRATION)

    def filled(self):
        return self.made("runbook", *_SCHEMA)

    def shell(self, segue, command):
        """A command as a person types it, the program on the path and the connection in the environment."""
        environment = segue.environment()
        environment["PATH"] = os.pathsep.join((os.path.dirname(os.path.abspath(segue.path)), environment["PATH"], servers.DEBIAN_BIN))
        return subprocess.Popen(["sh", "-c", command], env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.server.folder)

    def must(self, segue, command):
        process = self.shell(segue, command)
        out, _ = process.communicate(timeout=120)
        require(process.returncode == 0, f"{command}: exit {process.returncode}\n{out.decode(errors='replace')}")
        return out.decode(errors="replace")


def _runbook(segue, *arguments):
    return segue.must("plan", *arguments, "--json").json["runbook"]


def _commands(ground):
    """The commands that a runbook prints do what it says, run by a shell as they stand: pause, resume, roll back, verify, complete"""
    database, segue = ground.filled()
    folder = os.path.join(ground.server.folder, f"it's a folder {database}")
    os.makedirs(folder)
    file = os.path.join(folder, "0001_one name.sql")
    shutil.copy(ground.migration, file)
    os.chmod(file, 0o644)
    before = compare.snapshot(ground.server, database, ("segue", "public_base"))
    commands = _runbook(segue, file)["commands"]
    said = segue.must("plan", file).out
    missing = [command for command in commands.values() if command not in said]
    require(not missing, f"not in the text: {missing}")
    ground.must(segue, commands["pause_without_segue"])
    start = ground.shell(segue, commands["start"])
    try:
        wait_until(lambda: (find_key(segue.must("status", "--json").json, "held") or "") != "", "the start rests")
        ground.must(segue, commands["pause"])
        ground.must(segue, commands["status"])
        require(find_key(segue.must("status", "--json").json, "paused"), "not paused")
        ground.must(segue, commands["resume_without_segue"])
        require(start.poll() is None, "the start did not stay paused")
        ground.must(segue, commands["resume"])
        out, _ = start.communicate(timeout=120)
    finally:
        start.kill()
    require(start.returncode == 0 and segue.state() == "active", out.decode(errors="replace"))
    ground.must(segue, commands["rollback"])
    after = compare.snapshot(ground.server, database, ("segue", "public_base"))
    require(after == before, "rolled back, the schema is another")
    for name, state in (("start", "active"), ("verify", "active"), ("complete", None)):
        ground.must(segue, commands[name])
        found = segue.state() if state else ground.value(database, "SELECT string_agg(column_name, ',') FROM"
                                                         " information_schema.columns WHERE table_name = 'users'")
        require(found == state or not state and "full_name" in found and "first_name" not in found, f"{name}: {found}")
    ground.server.drop(database)


def _sizes(ground, database):
    questions = {"rows": "count(*) FROM users", "table_bytes": "pg_table_size('users')", "index_bytes": "pg_indexes_size('users')",
                 "indexes": "2", "total_bytes": "pg_total_relation_size('users')"}
    return {key: int(ground.value(database, f"SELECT {question}")) for key, question in questions.items()}


def _facts(ground):
    """Rows, sizes, hot keys and partitions in a runbook are what the server says"""
    database, segue = ground.filled()
    before = _sizes(ground, database)
    data = _runbook(segue, ground.migration)["data"]
    table = next(table for table in data["tables"] if table["table"] == "public.users")
    for key, after in _sizes(ground, database).items():  # autovacuum may have added to its files meanwhile
        require(table[key] in (before[key], after), f"{key}: {table[key]}, the server says {before[key]}, then {after}")
    columns = {column["column"]: column for column in data["columns"] if column["table"] == "public.users"}
    require(list(columns) == ["id", "customer", "first_name", "last_name"], str(list(columns)))
    require(columns["customer"]["hot"] == "7" and columns["customer"]["hot_share"] > 0.4, str(columns["customer"]))
    require(any("customer" in line for line in data["hot"]), str(data["hot"]))
    for name, column in columns.items():
        wanted = float(ground.value(database, f"SELECT COALESCE(max(most_common_freqs[1]), 0) FROM pg_stats WHERE tablename = 'users' AND attname = '{name}'"))
        require(abs(column["hot_share"] - wanted) < 0.001, f"{name}: {column}, the server says {wanted}")
    _hot_partition(ground)
    ground.server.drop(database)


def _hot_partition(ground):
    database, segue = ground.made("parts", *_STRANGE_SCHEMA)
    file = ground.file("one_note", 'ALTER TABLE "parts|of" ADD COLUMN note text;')
    data = _runbook(segue, file)["data"]
    sizes = {part["partition"]: part for part in data["partitions"]}
    for name in ("first|part", "second|part"):
        wanted = int(ground.value(database, f"SELECT pg_total_relation_size('\"{name}\"')"))
        require(sizes[f'"{name}"']["bytes"] == wanted and sizes[f'"{name}"']["rows"] == 50, f"{name}: {sizes}")
    require(data["tables"][0]["rows"] == 100, str(data["tables"]))
    ground.server.drop(database)


def _now(ground):
    """What is done to the tables now is counted, who has a long transaction and who holds locks is named, and no literal is shown"""
    database, segue = ground.filled()
    stop = threading.Event()

    def write():
        with ground.server.connect(database) as connection:
            while not stop.is_set():
                connection.execute("UPDATE users SET last_name = last_name WHERE id = 5")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        with ground.server.connect(database) as holder:
            holder.execute("BEGIN; UPDATE users SET last_name = 'S3cret Person' WHERE id = 4242 AND first_name <> $$other s3cret$$")
            text = segue.must("plan", ground.migration, "--json", "--sample", "2500ms").out
            holder.execute("ROLLBACK")
            pid = holder.pid
    finally:
        stop.set()
        writer.join()
    require("s3cret" not in text.lower() and "4242" not in text, "a literal of another session's statement is shown")
    traffic = json.loads(text)["runbook"]["traffic"]
    rates = [rate for rate in traffic["rates"] if rate["counted"] == "now"]
    require(rates and rates[0]["updates_per_second"] > 1, str(traffic["rates"]))
    require(any(one["pid"] == pid and one["seconds"] > 0 for one in traffic["transactions"]), str(traffic["transactions"]))
    require(any(one["pid"] == pid and one["mode"] == "ROW EXCLUSIVE" and one["relation"] == "users"
                for one in traffic["holders"]), str(traffic["holders"]))
    require(traffic["wal_per_second"] > 0, str(traffic["wal_per_second"]))
    ground.server.drop(database)


class _Page(html.parser.HTMLParser):
    """Text of a page, and whether each element that is opened is closed where it should be."""

    _VOID = {"meta"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.text, self.faults, self.tags, self.links, self._open = [], [], set(), [], []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "action", "data")]
        self.faults += [f"{name} on <{tag}>" for name, _ in attrs if name.startswith("on")]
        if tag not in self._VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else at {self.getpos()}")

    def handle_data(self, data):
        self.text.append(data)


def _words(value):
    """Every text of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)


def _folded(text):
    return re.sub(r"\s+", " ", text)


def _said(plan):
    """What a person must find of a plan: all of the runbook, and of the plan what is in words, with its SQL."""
    yield from (word for word in _words(plan["runbook"]))
    yield from (plan[key] for key in ("goal", "owner", "old_version", "new_version") if key in plan)
    for table in plan["tables"]:
        yield from (table["name"], table["strategy"], *table["notes"])
    for step in plan["steps"]:
        yield from (step["title"], step.get("why", ""), *step["acts"], *step["undo"])


def _pages(ground):
    """HTML is one well-formed page that loads and runs nothing, has all that JSON has, and shows marks of HTML in names as text"""
    database, segue = ground.made("strange", *_STRANGE_SCHEMA)
    file = ground.file("strange", _STRANGE_MIGRATION)
    plan = segue.must("plan", file, "--json").json
    text = segue.must("plan", file, "--format", "html").out
    page = _Page(text)
    require(text.startswith("<!DOCTYPE html>") and not page.faults, "\n".join(page.faults))
    require(not page.tags & {"script", "link", "img", "iframe", "b", "i", "object"}, str(page.tags))
    require(all(link.startswith("#") for link in page.links), str(page.links))
    require("url(" not in text and "@import" not in text and "default-src 'none'" in text, "the page may load something")
    shown = _folded(" ".join(page.text))
    changing = {plan["runbook"]["read_at"], *_words(plan["runbook"]["traffic"])}
    missing = [word for word in _said(plan) if word not in changing and _folded(word).strip() not in shown]
    require(not missing, f"not on the page: {missing[:5]}")
    require(_STRANGE_TABLE in shown and "<b>bold</b> & 'quoted' | piped" in shown, "names do not stand as text")
    ground.server.drop(database)


def _cells(line):
    """How many cells a line of a Markdown table has: escaped pipes are text."""
    return len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))


def _markdown(ground):
    """Markdown tables have as many cells in each row as in their head, pipes and marks in names are text"""
    database, segue = ground.made("strange", *_STRANGE_SCHEMA)
    file = ground.file("strange", _STRANGE_MIGRATION)
    text = segue.must("plan", file, "--format", "markdown").out
    outside = re.sub(r"(?ms)^(`{3,})\w*$.*?^\1$", "", text)
    tables = re.findall(r"(?m)(?:^\|.*\n)+", outside)
    require(len(tables) >= 4, f"{len(tables)} tables:\n{text}")
    for table in tables:
        lines = table.splitlines()
        require(re.fullmatch(r"(\|(---|--:))+\|", lines[1]), lines[1])
        uneven = [line for line in lines if _cells(line) != _cells(lines[0])]
        require(not uneven, f"{lines[0]}\n{uneven}")
    marks = re.sub(r"</?(details|summary)>", "", outside)
    require("<" not in marks, f"HTML in it: {[line for line in marks.splitlines() if '<' in line][:3]}")
    require('"first\\|part"' in outside and "&lt;script&gt;alert(1)&lt;/script&gt;" in outside, text)
    ground.server.drop(database)


def _without_rights(ground):
    """A role without pg_monitor gets its runbook, and is told what it could not see"""
    database, segue = ground.filled()
    name = "runbook_" + database
    ground.run(database, f"CREATE ROLE {name} LOGIN; GRANT {name} TO postgres; ALTER TABLE users OWNER TO {name};"
               f" ALTER TABLE customers OWNER TO {name}; GRANT CREATE ON SCHEMA public TO {name}")
    weak = ground.context.segue.on(ground.server, database, user=name)
    with ground.server.connect(database) as other:
        other.execute("BEGIN; SELECT count(*) FROM users WHERE first_name = 'hidden one'")
        runbook = _runbook(weak, ground.migration)
        text = weak.must("plan", ground.migration).out
        strong = _runbook(segue, ground.migration)
        other.execute("COMMIT")
    require(any("pg_read_all_stats" in spot for spot in runbook["blind"]["spots"]), str(runbook.get("blind")))
    require("What could not be seen" in text and "hidden one" not in text, text)
    require(runbook["room"]["free_bytes"] is None and "pg_read_all_settings" in runbook["room"]["free_bytes_not_known"],
            str(runbook["room"]))
    holder = next(one for one in runbook["traffic"]["holders"] if one["relation"] == "users")
    require(holder["seconds"] is None and holder["query_not_known"] == "hidden", str(holder))
    require("blind" not in strong and strong["room"]["free_bytes"] > 0, str(strong.get("blind")))
    require(runbook["data"]["tables"][0]["rows"] == _ROWS, str(runbook["data"]["tables"]))
    ground.run(database, f"REASSIGN OWNED BY {name} TO postgres; DROP OWNED BY {name}; DROP ROLE {name}")
    ground.server.drop(database)


def _no_password(ground):
    """No format of a runbook shows the password of its connection"""
    database, _ = ground.filled()
    secret = "planted-in-a-runbook"
    segue = Session(ground.context.segue.path, ground.server.url(database, "postgres", secret))
    for format_ in ("text", "markdown", "html", "json"):
        require(secret not in segue.must("plan", ground.migration, "--format", format_).text, format_)
    ground.server.drop(database)


def _measured(ground):
    """Without an earlier backfill the forecast says that it rests on nothing measured; after one it rests on that, and holds"""
    database, segue = ground.filled()
    first = _runbook(segue, ground.migration)["backfill"]
    require(first["measured"] == "nothing" and "nothing that was measured here" in first["ground"], str(first))
    segue.must("start", ground.migration, "--pace", "100", "--chunk-time", "1ms")
    segue.must("rollback")
    seconds = float(ground.value(database, "SELECT extract(epoch FROM updated_at - started_at) FROM segue.walks WHERE"
                                 " step LIKE 'backfill/%'"))
    again = _runbook(segue, ground.migration)["backfill"]
    if seconds < 0.05:  # too quick to be worth anything
        require(again["measured"] == "nothing", str(again))
    else:
        fill = next(step for step in again["steps"] if step["rests_on"].endswith("here"))
        # The table has dead rows since, which the estimate of its rows counts.
        require(fill["seconds_low"] / 2 <= seconds <= fill["seconds_high"] * 2, f"{seconds} s, forecast {fill}")
        require(again["measured"] == "in part", str(again))
    ground.server.drop(database)


_PROMISES = (_commands, _facts, _now, _pages, _markdown, _without_rights, _no_password, _measured)
