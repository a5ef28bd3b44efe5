"""Files that segue must refuse with exit 1 before anything is touched, saying where and why.

A file of tests/refusal/ tells in comments of its own what the message must hold:
`-- line: N` and `-- column: N` (the place, as file:line:column) and `-- expect: text`. `-- as: ROLE` says who is
refused (else the superuser), `-- on: MAJOR` on which server alone.
"""

import fnmatch
import os
import re
import threading

from . import compare, program, psql, scenario
from .report import require

FOLDER = os.path.join(scenario.TESTS, "refusal")
_WISH = re.compile(r"^-- (line|column|expect): (.*)$", re.M)
_AS = re.compile(r"^-- as: (\w+)$", re.M)
_ON = re.compile(r"^-- on: (\d+)$", re.M)
# Roles that are not the superuser find segue's state as docs/privileges.md has it, but own next to nothing.
_GRANTS = """
GRANT USAGE, CREATE ON SCHEMA segue, public TO app_login;
GRANT ALL ON ALL TABLES IN SCHEMA segue TO app_login;
GRANT ALL ON ALL SEQUENCES IN SCHEMA segue TO app_login;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO app_login', current_database()); END $$;
"""


def names(server):
    """The files for a server, in order."""
    files = [name for name in sorted(os.listdir(FOLDER)) if name.endswith(".sql") and name != "schema.sql"]
    wanted = {name: _ON.search(text(name)) for name in files}
    return [name for name in files if not wanted[name] or int(wanted[name][1]) == server.major]


def text(name):
    """What a file says; one of them is not UTF-8."""
    with open(os.path.join(FOLDER, name), errors="replace") as file:
        return file.read()


def prepare(context, server, database):
    """Makes the ground that the files are tried on."""
    psql.run_file(server, database, os.path.join(FOLDER, "schema.sql"))
    context.segue.on(server, database).must("init")
    with server.connect(database) as connection:
        connection.execute(_GRANTS)


def run(context, server, database, name, *options):
    """Tries a file as the role that it names."""
    role = _AS.search(text(name))
    user = {"user": role[1]} if role else {}
    return context.segue.on(server, database, **user).run("start", os.path.join(FOLDER, name), *options)


def tasks(context):
    for server in context.servers:
        ground = _Ground(context, server)
        share = max(1, context.options.jobs)
        for worker in range(share):
            every = names(server) if server is context.servers[0] else names(server)[::3]
            part = _chosen(context, every)[worker::share]
            yield lambda ground=ground, part=part: _refuse_all(context, ground, part)


def _chosen(context, files):
    globs = context.options.scenario.split(",")
    return [name for name in files if any(fnmatch.fnmatch(name[:-4], glob) for glob in globs)]


class _Ground:
    """The database that files are tried on, and what it must still be afterwards."""

    def __init__(self, context, server):
        self.server = server
        self._context = context
        self._lock = threading.Lock()
        self._template = None
        self.wanted = None

    def copy(self):
        with self._lock:
            if not self._template:
                database = self.server.create("refusal")
                prepare(self._context, self.server, database)
                self.wanted = compare.catalog_snapshot(self.server, database)
                self._template = database
        return self.server.create("refusal", template=self._template)


def _refuse_all(context, ground, names):
    database = None
    for name in names:
        database = database or ground.copy()
        with context.report.test(f"[{ground.server.major}] refused with its reason, nothing touched: {name[:-4]}"):
            current, database = database, None  # a database that was touched is not used again
            _refuse(context, ground, current, name)
            database = current


def _refuse(context, ground, database, name):
    result = run(context, ground.server, database, name)
    wishes = _WISH.findall(text(name))
    require(result.code == program.REFUSED, f"exit {result.code} instead of 1\n{result}")
    difference = compare.difference(compare.catalog_snapshot(ground.server, database), ground.wanted)
    require(not difference, f"it touched the database:\n{difference}\n{result}")
    missing = _missing(name, wishes, result.err)
    require(not missing, f"the message says nothing of {', '.join(missing)}\n{result}")


def _missing(name, wishes, message):
    folded = " ".join(message.split())
    place = {kind: text.strip() for kind, text in wishes if kind != "expect"}
    missing = [f'"{text.strip()}"' for kind, text in wishes
               if kind == "expect" and text.strip().lower() not in folded.lower()]
    if place:
        pattern = re.escape(name) + ":" + place["line"] + ":" + place.get("column", r"\d+")
        if not re.search(pattern + r"\b", folded):
            missing.append(f"the place {name}:{place['line']}:{place.get('column', 'N')}")
    return missing
