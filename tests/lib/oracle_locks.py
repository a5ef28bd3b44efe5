"""The locks that a plan announces are those that the server takes, step by step and in both directions: what is announced is taken in that
mode and no other, and what readers, writers, VACUUM or other DDL on the table would wait for (SHARE UPDATE EXCLUSIVE and stronger) is
announced. A lock announced for a table is one for its partitions and children, too. Weaker ones, which whoever reads or writes takes as
well, are announced for the tables that a step is about, not for each that a statement or a foreign key happens to look at."""

from . import lock_trace
from .report import require

_NOTICED = lock_trace.strength("SHARE UPDATE EXCLUSIVE")


def tasks(context):
    for server in context.servers:
        for scenario in context.quick(server):
            yield lambda server=server, scenario=scenario: _compare(context, server, scenario)


def _compare(context, server, scenario):
    stage = context.stage(server, scenario)
    with context.report.test(f"{stage.label()}: the locks of the plan are those the server takes"):
        database = stage.fresh()
        plan = stage.segue.on(server, database).must("plan", stage.migration, "--json").json
        differences = [line for traced in lock_trace.trace(server, database, plan) for line in _differences(traced)]
        differences += _misprinted(plan)
        require(not differences, "\n".join(differences))


def _misprinted(plan):
    """The runbook's table of locks has those of the steps, each once for each kind of duration."""
    announced = {(lock["relation"], lock["mode"], step["duration"]) for step in plan["steps"] for lock in step["locks"]}
    table = [(row["relation"], row["mode"]) for row in plan["runbook"]["locks"].get("locks", [])]
    if sorted(table) != sorted((relation, mode) for relation, mode, _ in announced):
        yield f"the runbook's locks are {sorted(table)}, the plan's {sorted(announced)}"


def _differences(traced):
    if not traced.statements:  # only the way back does something, after what comes later, and has these locks
        return
    announced = {}
    for lock in traced.step["locks"]:
        relation, mode = lock["relation"], lock["mode"]
        if _strength(mode) > _strength(announced.get(relation)):
            announced[relation] = mode
    taken = {**traced.indexes, **traced.locks}
    for relation, said in sorted(announced.items()):
        if relation not in traced.there:
            yield f"{traced.step['id']}: {relation} is announced, and there is none"
        elif taken.get(relation) != said:
            yield f"{traced.step['id']}: {relation}: announced {said}, taken {taken.get(relation)}"
    for relation, mode in sorted(traced.locks.items()):
        covered = [_strength(announced.get(parent)) for parent in traced.parents.get(relation, [])]
        if relation not in announced and _strength(mode) > max([_NOTICED - 1, *covered]):
            yield f"{traced.step['id']}: {relation}: not announced, taken {mode}"


def _strength(mode):
    return -1 if mode is None else lock_trace.strength(mode)
