"""Rows as psql makes them of the rows that were there, compared column by column."""

from collections import Counter

from .pq import quote_identifier
from .report import require

_COLUMNS = """
SELECT c.relname AS table, a.attname AS column,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS key,
       a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%' AS numbered
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY 1, 2
"""


def require_rows_of_psql(stage, database, leave_out):
    """Raises unless the rows are what psql makes of those before, where it can run the file on rows at all: false if
    not. leave_out(table, column): columns whose values the file's annotations give."""
    if not stage.by_psql():
        return False
    with stage.server.connect(stage.by_psql()) as wanted:
        with stage.server.connect(database) as found:
            differing = _differing(found, wanted, leave_out)
        if differing:  # what psql itself makes anew each time has nothing to be compared with
            with stage.server.connect(stage.by_psql_again()) as again:
                unsteady = _differing(again, wanted, leave_out)
            differing = {place: text for place, text in differing.items() if place not in unsteady}
    require(not differing, "\n".join(differing.values()))
    return True


def _differing(found, wanted, leave_out):
    """{(table, column): what differs}, for every column of wanted but those left out; both are connections. Which number a
    row draws from a sequence depends on the order of the rows, and a start that is broken off has drawn some: then it is
    the numbers' being different that counts."""
    result = {}
    tables = {}
    for about in wanted.dicts(_COLUMNS):
        tables.setdefault(about["table"], []).append(about)
    for table, columns in tables.items():
        names = [column["column"] for column in columns if not leave_out(table, column["column"])]
        keys = [column["column"] for column in columns if column["key"] == "t" and column["column"] in names]
        left, right = _rows(found, table, names), _rows(wanted, table, names)
        if Counter(left) == Counter(right):
            continue
        place = {name: number for number, name in enumerate(names)}
        numbered = {column["column"]: column["numbered"] == "t" for column in columns}
        for name in names:
            wanted_places = [place[key] for key in keys] + [place[name]]
            text = _difference(_project(left, wanted_places), _project(right, wanted_places))
            if text and numbered[name] and _as_distinct(left, right, place[name]):
                continue
            if text:
                result[table, name] = f"{table}.{name}: {text}"
    return result


def _rows(connection, table, names):
    if not names:
        return []
    list_of_names = ", ".join(f"{quote_identifier(name)}::text" for name in names)
    return connection.rows(f"SELECT {list_of_names} FROM public.{quote_identifier(table)}")


def _project(rows, places):
    return Counter(tuple(row[place] for place in places) for row in rows)


def _as_distinct(found, wanted, place):
    return len(found) == len(wanted) and len({row[place] for row in found}) == len({row[place] for row in wanted})


def _difference(found, wanted):
    """Key and value, one of a kind; empty when equal."""
    surplus, missing = found - wanted, wanted - found
    if not surplus and not missing:
        return ""
    return (f"{sum(surplus.values())} rows differ; found {sorted(surplus, key=str)[:2]},"
            f" psql makes {sorted(missing, key=str)[:2]}")
