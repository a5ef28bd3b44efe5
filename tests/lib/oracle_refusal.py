"""Files that segue must refuse with exit 1 before anything is touched, saying where and why.

A file of tests/refusal/ tells in comments of its own what the message must hold:
`-- line: N` and `-- column: N` (the place, as file:line:column) and `-- expect: text`.
"""

import os
import re
import threading

from . import compare, program, psql, scenario
from .report import require

FOLDER = os.path.join(scenario.TESTS, "refusal")
_WISH = re.compile(r"^-- (line|column|expect): (.*)$", re.M)


def names():
    """The files, in order."""
    return [name for name in sorted(os.listdir(FOLDER)) if name.endswith(".sql") and name != "schema.sql"]


def tasks(context):
    for server in context.servers:
        ground = _Ground(context, server)
        share = max(1, context.options.jobs)
        for worker in range(share):
            part = names()[worker::share]
            yield lambda ground=ground, part=part: _refuse_all(context, ground, part)


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
                psql.run_file(self.server, database, os.path.join(FOLDER, "schema.sql"))
                self._context.segue.on(self.server, database).must("init")
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
    path = os.path.join(FOLDER, name)
    result = context.segue.on(ground.server, database).run("start", path)
    with open(path) as file:
        wishes = _WISH.findall(file.read())
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
