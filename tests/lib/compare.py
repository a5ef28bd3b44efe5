"""What two databases' schemas differ in, through pg_dump where it can read the server and
through the catalogs elsewhere."""

from collections import Counter

from . import catalog, dump


def snapshot(server, database, excluded_schemas=()):
    """A comparable description of the schema: Counter of lines."""
    if dump.program_for(server):
        return dump_snapshot(server, database, excluded_schemas)
    return catalog_snapshot(server, database, excluded_schemas)


def dump_snapshot(server, database, excluded_schemas=()):
    return Counter(dump.schema_dump(server, database, excluded_schemas))


def catalog_snapshot(server, database, excluded_schemas=()):
    with server.connect(database) as connection:
        return Counter(catalog.lines(connection, excluded_schemas))


def difference(found, wanted):
    """Lines that only one of both has, as text a person can read; empty when equal."""
    lines = [f"  only found:  {line}" for line in sorted((found - wanted).elements())]
    lines += [f"  only wanted: {line}" for line in sorted((wanted - found).elements())]
    return "\n".join(lines)
