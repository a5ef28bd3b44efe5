"""Killed before and after every step and at chunk borders, failed by injected errors, cut off
from the server: run again, and the end is the same as that of a quiet run.

By default one database walks through all fault points of a command, one run a point; with
--separate each point gets a database of its own, which is the long way.
"""

import signal

from .oracle_data import require_declared_data, require_original_data
from .oracle_schema import require_schema
from .report import Failure, require

_START_PHASES = ("check", "expand", "backfill", "verify", "activate")
_CHUNKS = 2  # chunks of a walk whose borders are tried
_SMALL_CHUNKS = ("--chunk-time", "1ms")


def tasks(context):
    for server in context.servers:
        for number, scenario in context.chosen(server, one_in=8):
            walk = _separate if context.options.separate else _one_database
            yield lambda server=server, scenario=scenario, number=number, walk=walk: walk(
                context, server, scenario, number)


class Points:
    """Fault points of a plan, as (step, moment) in the order in which a command passes them."""

    def __init__(self, segue, migration):
        steps = segue.must("plan", migration, "--json").json["steps"]
        first = [step for step in steps if step["phase"] in _START_PHASES]
        last = [step for step in steps if step["phase"] not in _START_PHASES]
        self.start = [point for step in first for point in _points(step)]
        self.complete = [point for step in last for point in _points(step)]
        self.back = [(step["id"], moment) for step in reversed(first) for moment in ("before", "after")]


def _points(step):
    chunks = range(1, _CHUNKS + 1) if step["kind"] == "walk" else ()
    inner = [(f"{step['id']}/chunk-{number}", moment) for number in chunks for moment in ("before", "after")]
    return [(step["id"], "before"), *inner, (step["id"], "after")]


def _is_chunk(point):
    return "/chunk-" in point[0]


def _one_database(context, server, scenario, number):
    """One kind of walk for each scenario, in turn, unless --all-walks."""
    stage = context.stage(server, scenario)
    walks = (_killed, _killed_back, _failed, _cut_off_everywhere)
    for walk in walks if context.options.all_walks else walks[number % 4:number % 4 + 1]:
        with context.report.test(f"{stage.label()}: {' '.join(walk.__doc__.split())}"):
            walk(context, stage)


def _killed(context, stage):
    """killed at every step of start and complete, the end is the same"""
    database, segue, points, start = _begin(context, stage)
    killed = _walk_killed(segue, start, points.start)
    steps = sum(not _is_chunk(point) for point in points.start) // 2
    require(killed >= steps, f"killed {killed} times in {steps} steps")
    _walk_killed(segue, ("complete",), points.complete)
    _require_completed(stage, database)
    stage.server.drop(database)


def _killed_back(context, stage):
    """killed at every step of rollback, nothing has happened"""
    database, segue, points, start = _begin(context, stage)
    segue.must(*start)
    _walk_killed(segue, ("rollback",), points.back)
    _require_rolled_back(stage, database)
    stage.server.drop(database)


def _failed(context, stage):
    """failed by an error at every step of start and complete, the end is the same"""
    database, segue, points, start = _begin(context, stage)
    _walk_failed(segue, start, points.start)
    _walk_failed(segue, ("complete",), points.complete)
    _require_completed(stage, database)
    stage.server.drop(database)


def _cut_off_everywhere(context, stage):
    """cut off from the server at every step of start and rollback, then of start and complete"""
    database, segue, points, start = _begin(context, stage)
    _cut_off(segue, start, points.start)
    _cut_off(segue, ("rollback",), points.back)
    _require_rolled_back(stage, database)
    stage.server.drop(database)
    database, segue, points, start = _begin(context, stage)
    _cut_off(segue, start, points.start)
    _cut_off(segue, ("complete",), points.complete)
    _require_completed(stage, database)
    stage.server.drop(database)


def _begin(context, stage):
    database = stage.fresh()
    segue = context.segue.on(stage.server, database)
    return database, segue, Points(segue, stage.migration), ("start", stage.migration, *_SMALL_CHUNKS)


def _faults(points, kind):
    return ",".join(f"{point}:{moment}:{kind}" for point, moment in points)


def _walk_killed(segue, command, points):
    """One run a point, killed there, then one to the end; how often it was killed.

    A point may not be on the way: a chunk that the table is too small for, a step without an
    undo. So that such a run does not go on to the end, later steps are fault points as well."""
    killed = 0
    for number, point in enumerate(points):
        later = [other for other in points[number + 1:] if not _is_chunk(other)]
        backstops = [other for other in later if other[1] == "before" or _is_chunk(point)]
        result = segue.run(*command, fault=_faults([point, *backstops], "kill"))
        if result.code == 0:
            return killed
        require(result.code == -signal.SIGKILL, f"at {':'.join(point)}\n{result}")
        killed += 1
    _finish(segue, command)
    return killed


def _walk_failed(segue, command, points):
    """One run a point, in which the act reports an error; then one to the end."""
    for number, point in enumerate(points):
        later = [other for other in points[number + 1:] if not _is_chunk(other)]
        result = segue.run(*command, fault=_faults([point, *later], "error"))
        if result.code == 0:
            return
        require(result.code in (1, 3, 4) and "fault" in result.err, f"at {':'.join(point)}\n{result}")
    _finish(segue, command)


def _cut_off(segue, command, points):
    """All points in one run, which has to find out by looking what became of each act."""
    result = segue.run(*command, fault=_faults(points, "drop-connection"), timeout=300)
    require(result.code == 0, str(result))


def _finish(segue, command):
    result = segue.run(*command)
    if result.code != 0:
        raise Failure(f"without fault, after the walk:\n{result}")


def _require_completed(stage, database):
    require_schema(stage, database, stage.wanted())
    require_declared_data(stage, database)


def _require_rolled_back(stage, database):
    require_schema(stage, database, stage.before())
    require_original_data(stage, database)


def _separate(context, server, scenario, _number):
    stage = context.stage(server, scenario)
    started, segue, points, start = _begin(context, stage)
    segue.must(*start)
    for kind in ("kill", "error", "drop-connection"):
        for command, template, along in ((start, stage.installed(), points.start),
                                         (("complete",), started, points.complete),
                                         (("rollback",), started, points.back)):
            for point in along:
                _one_point(context, stage, command, template, _faults([point], kind))
    for point in points.start:
        if point[1] == "after":
            _turned_back(context, stage, start, point)
    server.drop(started)


def _one_point(context, stage, command, template, fault):
    with context.report.test(f"{stage.label()}: {command[0]} with {fault}, then again: the end is the same"):
        database = stage.server.create(stage.scenario.name, template=template)
        segue = context.segue.on(stage.server, database)
        if segue.run(*command, fault=fault).code != 0:
            _finish(segue, command)
        if command[0] == "start":
            segue.must("complete")
        if command[0] == "rollback":
            _require_rolled_back(stage, database)
        else:
            _require_completed(stage, database)
        stage.server.drop(database)


def _turned_back(context, stage, start, point):
    with context.report.test(f"{stage.label()}: start killed after {point[0]}, then rollback: nothing has happened"):
        database = stage.fresh()
        segue = context.segue.on(stage.server, database)
        if segue.run(*start, fault=_faults([point], "kill")).code != 0:
            result = segue.run("rollback")
            # Killed in a check before anything was stored, there is nothing to roll back.
            require(result.code == 0 or "no migration is under way" in result.err, str(result))
            _require_rolled_back(stage, database)
        stage.server.drop(database)
