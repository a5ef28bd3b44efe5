"""The parts of docs/changes/*.md that are made from a scenario: its file, what both versions see, and each step with the locks
that the server took and its SQL. Between `<!-- scenario NAME -->` and `<!-- end -->` a page holds what `render` returns."""

import os
import re

from . import lock_trace, scenario

FOLDER = os.path.join(os.path.dirname(scenario.TESTS), "docs", "changes")
_BLOCK = re.compile(r"(<!-- scenario ([\w*]+) -->\n)(.*?)(<!-- end -->)", re.S)
_PHASES = {"check": "check", "expand": "expand", "backfill": "backfill", "verify": "verify",
           "activate": "activate: both versions are live", "contract": "contract (`segue complete`)"}
_BODY = re.compile(r"AS \$segue\$.*\$segue\$", re.S)
_SPENT = {"instant": "for an instant", "scan": "while the table is read once", "build": "while an index is built",
          "chunks": "a chunk of rows at a time", "held": "for as long as its rows are read or written"}


def names():
    """The pages with blocks."""
    return [name for name in sorted(os.listdir(FOLDER)) if name.endswith(".md") and _BLOCK.search(read(name))]


def read(name):
    with open(os.path.join(FOLDER, name)) as file:
        return file.read()


def write(name, text):
    with open(os.path.join(FOLDER, name), "w") as file:
        file.write(text)


def wanted(name, stage_of):
    """The page as it must be. stage_of gives the databases of a scenario by its name."""
    return _BLOCK.sub(lambda match: match[1] + render(stage_of(match[2])) + match[4], read(name))


def render(stage):
    """The block of a scenario, from a plan that is made and carried out now."""
    database = stage.fresh()
    plan = stage.segue.on(stage.server, database).must("plan", stage.migration, "--json").json
    traced = lock_trace.trace(stage.server, database, plan)
    lines = ["", "```sql", stage.scenario.migration_sql.strip(), "```", ""]
    lines += _notes(plan) + _table(traced) + _sql(traced)
    return "\n".join(lines)


def _notes(plan):
    lines = [f"* {table['name']}: {note}" for table in plan["tables"] for note in table["notes"]]
    lines += [f"* {note}" for note in plan["notes"]]
    return ["What each version sees:", "", *lines, ""] if lines else []


def _table(traced):
    lines = ["| phase | step | strongest lock that the server took, by relation |", "|---|---|---|"]
    before = None
    for one in traced:
        phase = one.step["phase"]
        lines.append(f"| {_PHASES[phase] if phase != before else ''} | {one.step['title']} | {_locks(one)} |")
        before = phase
    return [*lines, ""]


def _locks(traced):
    if not traced.locks:
        return "none"
    by_mode = {}
    for relation, mode in sorted(traced.locks.items()):
        by_mode.setdefault(mode, []).append(relation)
    spent = _SPENT.get(traced.step["duration"], "")
    if traced.step["duration"] == "chunks" and traced.step["kind"] != "walk":
        spent = "until the statement ends"
    strongest_first = sorted(by_mode, key=lock_trace.strength, reverse=True)
    text = "; ".join(f"{mode} on {', '.join(by_mode[mode])}" for mode in strongest_first)
    return f"{text}, {spent}" if spent else text


def _sql(traced):
    lines = ["<details><summary>The SQL</summary>", "", "```sql"]
    for one in traced:
        lines.append(f"-- {one.step['id']}")
        lines += [_BODY.sub("AS $segue$ … $segue$", statement) + ";" for statement in one.statements]
    return [*lines, "```", "", "</details>", ""]
