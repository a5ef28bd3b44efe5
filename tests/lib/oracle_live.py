"""Both versions' traffic runs through start, through the time when both are live, and through
complete or rollback: no error of any kind, no mismatch, no lost row, and the schema is right."""

import time

from .oracle_schema import require_schema
from .report import require
from .traffic import Traffic

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
            _run_both(stage, segue, traffic)
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
            _run_both(stage, segue, traffic)
            traffic.end_new()
            time.sleep(_QUIET_SECONDS)
            segue.must("rollback")
            time.sleep(_QUIET_SECONDS)
            require_clean(*traffic.report())
        require_schema(stage, database, stage.before())
        server.drop(database)


def _run_both(stage, segue, traffic):
    """The old version's traffic, then start under it, then both versions'."""
    traffic.wait_for("old")
    time.sleep(_QUIET_SECONDS)
    segue.must("start", stage.migration, "--pace", "50")
    traffic.wait_for("new")
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
