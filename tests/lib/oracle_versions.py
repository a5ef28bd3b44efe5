"""What either version reads while both are live, where a scenario has questions of its own.

`versions.txt` of a scenario has pairs of lines, asked in their order:

    new: SELECT …        on the new version's path; so `old:`; `end:` is asked after `complete`; a role may stand
    = value              behind the word: `new app_reader:`. The first value, or an error's SQLSTATE; empty: no row
"""

import os
import re

from . import pq
from .report import require

_QUESTION = re.compile(r"^(old|new|end)( \w+)?: (.*)\n= ?(.*)$", re.M)


def tasks(context):
    for server in context.servers:
        for scenario in context.scenarios:
            if scenario.runs_on(server) and os.path.exists(_path(scenario)):
                yield lambda server=server, scenario=scenario: _ask_all(context, server, scenario)


def _path(scenario):
    return os.path.join(scenario.folder, "versions.txt")


def _ask_all(context, server, scenario):
    stage = context.stage(server, scenario)
    with open(_path(scenario)) as file:
        questions = _QUESTION.findall(file.read())
    with context.report.test(f"{stage.label()}: each version reads what is its own"):
        require(questions, "versions.txt asks nothing")
        database = stage.fresh()
        segue = stage.segue.on(server, database)
        segue.must("start", stage.migration, "--pace", "100")
        _ask(server, database, scenario, [question for question in questions if question[0] != "end"])
        segue.must("complete")
        _ask(server, database, scenario, [question for question in questions if question[0] == "end"])


def _ask(server, database, scenario, questions):
    paths = {"old": "public_base,public", "new": f'"{scenario.new_version}",public', "end": "public"}
    for version, role, query, wanted in questions:
        with server.connect(database, role.strip() or "postgres", f"-csearch_path={paths[version]}") as connection:
            try:
                rows = connection.rows(query)
                found = str(rows[0][0]) if rows else ""
            except pq.DatabaseError as error:
                found = error.sqlstate
        require(found == wanted, f"{version}{role}: {query}\nis {found}, not {wanted}")
