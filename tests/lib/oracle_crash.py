"""Killed before and after every step and at chunk borders, failed by injected errors, cut off
from the server: run again, and the end is the same as that of a quiet run.

By default one database walks through all fault points of a command, one run a point; with
--separate each point gets a database of its own, as deep as a crash can be alone.
"""

import signal

from .oracle_data import require_declared_data, require_original_data
from .oracle_schema import require_schema
from .report import Failure, require

_START_PHASES = ("check", "expand", "backfill", "verify", "activate")
_CHUNKS = 3  # borders of a walk that are tried
_SMALL_CHUNKS = ("--chunk-time", "1ms")


def tasks(context):
    for server in context.servers:
        for number, scenario in enumerate(context.scenarios):
            if not scenario.runs_on(server) or (context.options.quick and number % 8):
                continue
            walk = _separate if context.options.separate else _one_database
            yield lambda server=server, scenario=scenario, walk=walk: walk(context, server, scenario)


class Points:
    """Fault points of a plan: those of `start` and those of `complete`, in order."""

    def __init__(self, segue, migration):
        steps = segue.must("plan", migration, "--json").json["steps"]
        self.start = [point for step in steps if step["phase"] in _START_PHASES for point in _points(step)]
        self.complete = [point for step in steps if step["phase"] not in _START_PHASES
                         for point in _points(step)]
        self.back = list(reversed(self.start))


def _points(step):
    chunks = [f"{step['id']}/chunk-{number}" for number in range(1, _CHUNKS + 1)] if step["kind"] == "walk" else []
    return chunks + [step["id"]]


def _one_database(context, server, scenario):
    stage = context.stage(server, scenario)
    segue_on = lambda database: context.segue.on(server, database)  # noqa: E731
    label = stage.label()
    with context.report.test(f"{label}: killed at every step of start and complete, the end is the same"):
        database = stage.fresh()
        segue = segue_on(database)
        points = Points(segue, stage.migration)
        _walk_killed(segue, ("start", stage.migration, *_SMALL_CHUNKS), points.start)
        _walk_killed(segue, ("complete",), points.complete)
        _require_completed(stage, database)
        server.drop(database)
    with context.report.test(f"{label}: killed at every step of start and rollback, nothing has happened"):
        database = stage.fresh()
        segue = segue_on(database)
        points = Points(segue, stage.migration)
        segue.must("start", stage.migration, *_SMALL_CHUNKS)
        _walk_killed(segue, ("rollback",), points.back, needed=0)
        _require_rolled_back(stage, database)
        server.drop(database)
    with context.report.test(f"{label}: failed at every step, then cut off at every step, the end is the same"):
        database = stage.fresh()
        segue = segue_on(database)
        points = Points(segue, stage.migration)
        _walk_failed(segue, ("start", stage.migration, *_SMALL_CHUNKS), points.start)
        _walk_failed(segue, ("complete",), points.complete)
        _require_completed(stage, database)
        server.drop(database)
    with context.report.test(f"{label}: cut off at every step of start, complete and rollback, the end is the same"):
        database = stage.fresh()
        segue = segue_on(database)
        points = Points(segue, stage.migration)
        _cut_off(segue, ("start", stage.migration, *_SMALL_CHUNKS), points.start)
        _cut_off(segue, ("rollback",), points.back)
        _require_rolled_back(stage, database)
        server.drop(database)
        database = stage.fresh()
        segue = segue_on(database)
        _cut_off(segue, ("start", stage.migration, *_SMALL_CHUNKS), points.start)
        _cut_off(segue, ("complete",), points.complete)
        _require_completed(stage, database)
        server.drop(database)


def _walk_killed(segue, command, points, needed=1):
    """One run a point, each killed there; then one to the end."""
    killed = 0
    for point in points:
        for moment in ("before", "after"):
            result = segue.run(*command, fault=f"{point}:{moment}:kill")
            if result.code == 0:
                # Not on this command's way (nothing to undo there, say): it ran to its end.
                require(killed >= needed, f"{point}:{moment} was never reached\n{result}")
                return
            require(result.code == -signal.SIGKILL, f"at {point}:{moment}\n{result}")
            killed += 1
    _finish(segue, command)


def _walk_failed(segue, command, points):
    """One run a point, in which the act reports an error; then one to the end."""
    for point in points:
        for moment in ("before", "after"):
            result = segue.run(*command, fault=f"{point}:{moment}:error")
            if result.code == 0:
                return
            require(result.code in (1, 3, 4), f"at {point}:{moment}\n{result}")
            require("fault" in result.err, f"the injected error is not reported at {point}:{moment}\n{result}")
    _finish(segue, command)


def _cut_off(segue, command, points):
    """All points in one run, which has to find out by looking what became of each act."""
    faults = [f"{point}:{moment}:drop-connection" for point in points for moment in ("before", "after")]
    result = segue.run(*command, fault=",".join(faults), timeout=300)
    if result.code == 4:
        _finish(segue, command)
    else:
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


def _separate(context, server, scenario):
    stage = context.stage(server, scenario)
    started = stage.fresh()
    points = Points(context.segue.on(server, started), stage.migration)
    context.segue.on(server, started).must("start", stage.migration, *_SMALL_CHUNKS)
    start = ("start", stage.migration, *_SMALL_CHUNKS)
    for kind in ("kill", "error", "drop-connection"):
        for moment in ("before", "after"):
            for command, template, along in ((start, stage.installed(), points.start),
                                             (("complete",), started, points.complete),
                                             (("rollback",), started, points.back)):
                for point in along:
                    _one_point(context, stage, command, template, f"{point}:{moment}:{kind}")
    for point in points.start:
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
    with context.report.test(f"{stage.label()}: start killed after {point}, then rollback: nothing has happened"):
        database = stage.server.create(stage.scenario.name, template=stage.installed())
        segue = context.segue.on(stage.server, database)
        if segue.run(*start, fault=f"{point}:after:kill").code != 0:
            result = segue.run("rollback")
            # Killed in a check before anything was stored, there is nothing to roll back.
            require(result.code == 0 or "no migration is under way" in result.err, str(result))
            _require_rolled_back(stage, database)
        stage.server.drop(database)
