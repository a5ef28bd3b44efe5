"""The locks that a plan announces are those that the server takes: none that a reader, a writer or autovacuum would notice is
missing, and none that readers or writers would wait for is announced without need."""

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
        require(not differences, "\n".join(differences))


def _differences(traced):
    if not traced.statements:  # only the way back does something, and has these locks
        return
    announced = {}
    for lock in traced.step["locks"]:
        relation, mode = lock["relation"], lock["mode"]
        if relation not in announced or lock_trace.strength(mode) > lock_trace.strength(announced[relation]):
            announced[relation] = mode
    for relation in sorted((set(announced) & (traced.relations | set(traced.indexes))) | set(traced.locks)):
        said, taken = announced.get(relation), traced.locks.get(relation, traced.indexes.get(relation))
        # What is announced for a table is looked after in its partitions and children, too.
        covered = max([_strength(said)] + [_strength(announced.get(parent)) for parent in traced.parents.get(relation, [])])
        # The way back may take what the way there does not.
        needless = _strength(said) > max(_strength(taken), _NOTICED) and not traced.step["undo"]
        if _strength(taken) > max(covered, _NOTICED - 1) or needless:
            yield f"{traced.step['id']}: {relation}: announced {said}, taken {taken}"


def _strength(mode):
    return -1 if mode is None else lock_trace.strength(mode)
