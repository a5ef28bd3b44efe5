"""Both versions' traffic runs through start, through the time when both are live, and through
complete or rollback: no error of any kind, no mismatch, no lost row, and the schema is right."""

import time

from .oracle_schema import require_schema
from .report import require
from .traffic import Traffic, sessions_of_drive, wait_until

TASKS_PER_JOB = 2  # traffic at a fixed rate mostly waits

_QUIET_SECONDS = 0.4  # traffic before start, and after the end
_BOTH_SECONDS = 1.0  # traffic of both versions
_WORKERS = 2  # of each version


def tasks(context):
    for server in context.servers:
        for _, scenario in context.chosen(server, one_in=8):
            yield lambda server=server, scenario=scenario: _forward(context, server, scenario)
            yield lambda server=server, scenario=scenario: _back(context, server, scenario)


def _forward(context, server, scenario):
    stage = context.stage(server, scenario)
    with context.report.test(f"{stage.label()}: traffic of both versions through start and complete has no error"):
        database = stage.fresh()
        segue = context.segue.on(server, database)
        with Traffic(segue, scenario.drive_arguments, _WORKERS, _WORKERS) as traffic:
            _run_both(stage, database, segue, traffic)
            traffic.end_old()
            time.sleep(_QUIET_SECONDS)
            segue.must("complete", "--force")
            time.sleep(_QUIET_SECONDS)
            require_clean(*traffic.report())
        require_schema(stage, database, stage.wanted())
        server.drop(database)


def _back(context, server, scenario):
    stage = context.stage(server, scenario)
    with context.report.test(f"{stage.label()}: traffic of both versions through start and rollback has no error"):
        database = stage.fresh()
        segue = context.segue.on(server, database)
        with Traffic(segue, scenario.drive_arguments, _WORKERS, _WORKERS) as traffic:
            _run_both(stage, database, segue, traffic)
            traffic.end_new()
            time.sleep(_QUIET_SECONDS)
            segue.must("rollback")
            time.sleep(_QUIET_SECONDS)
            require_clean(*traffic.report())
        require_schema(stage, database, stage.before())
        server.drop(database)


def _run_both(stage, database, segue, traffic):
    """The old version's traffic, then start under it, then both versions'."""
    with stage.server.connect(database) as connection:
        def connected(workers):
            traffic.require_running()
            return sessions_of_drive(connection) >= workers
        wait_until(lambda: connected(_WORKERS), "workers of the old version connect")
        time.sleep(_QUIET_SECONDS)
        sessions = sessions_of_drive(connection)
        segue.must("start", stage.migration, "--pace", "50")
        wait_until(lambda: connected(sessions + _WORKERS), "workers of the new version connect")
        time.sleep(_BOTH_SECONDS)
        traffic.require_running()


def require_clean(report, code):
    problems = []
    for version in ("old", "new"):
        if report[version]["errors"]:
            problems.append(f"{report[version]['errors']} errors of the {version} version")
        if not report[version]["requests"]:
            problems.append(f"no request of the {version} version")
    if report["mismatches"]:
        problems.append(f"{report['mismatches']} mismatches")
    if report["lost_rows"]:
        problems.append(f"{report['lost_rows']} lost rows")
    samples = "\n".join(str(sample) for sample in report.get("error_samples", [])[:6])
    require(not problems, ", ".join(problems) + "\n" + samples)
    require(code == 0, f"segue drive: exit {code} without a problem in its report\n{report}")
