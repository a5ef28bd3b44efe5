"""After start and complete the schema is what psql makes of the file; after start and
rollback it is what it was before."""

from . import compare
from .report import require
from .stage import leftovers, version_objects


def tasks(context):
    for server in context.servers:
        for scenario in context.quick(server):
            yield lambda server=server, scenario=scenario: _both_ways(context, server, scenario)


def _both_ways(context, server, scenario):
    stage = context.stage(server, scenario)
    with context.report.test(f"{stage.label()}: start, complete: the schema is what psql makes of the file"):
        require_schema(stage, stage.completed(), stage.wanted())
    with context.report.test(f"{stage.label()}: start, rollback: the schema is what it was before"):
        require_schema(stage, stage.rolled_back(), stage.before())


def require_schema(stage, database, wanted):
    """Raises when the schema differs from wanted or segue left something behind."""
    difference = compare.difference(stage.found(database), wanted)
    require(not difference, f"the schema differs:\n{difference}")
    with stage.server.connect(database) as connection:
        left = leftovers(connection)
        views = version_objects(connection, stage.scenario.new_version)
        views += version_objects(connection, "public_base")
    require(not left, f"left behind: {', '.join(left)}")
    require(not views, f"left in the versions' schemas: {', '.join(views)}")
