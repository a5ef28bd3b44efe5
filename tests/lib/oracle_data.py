"""After start and complete every value is the one that the file declares for the row that
was there; after start and rollback every value is what it was.

What psql makes of the rows is asked of psql. What the annotations say is computed from the original rows, by the file's
own expressions, on the original database, and compared as whole rows; so is everything where psql cannot run the file on
rows, because only annotations say what these need.
"""

from collections import Counter

from .annotations import Declarations
from .pq import quote_identifier
from .report import require
from .rows_of_psql import require_rows_of_psql

_COLUMNS = """
SELECT c.relname AS table, a.attname AS column,
       -- A domain's values are its base type's; an enum's and a composite's are compared as text.
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
            WHEN coalesce(e.typtype, t.typtype) IN ('e', 'c') THEN 'text'
            ELSE format_type(a.atttypid, a.atttypmod) END AS type,
       CASE WHEN coalesce(e.typtype, t.typtype) = 'e' THEN coalesce(e.typname, t.typname) END AS enum,
       e.oid IS NOT NULL AS array,
       pg_get_expr(d.adbin, d.adrelid) AS default, a.attgenerated AS generated,
       EXISTS (SELECT FROM pg_depend p JOIN pg_proc f ON f.oid = p.refobjid
               WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid
                 AND p.refclassid = 'pg_proc'::regclass) AS calls,
       a.attidentity AS identity,
       (WITH RECURSIVE above AS (SELECT c.oid AS relid, 0 AS depth
                                 UNION ALL SELECT i.inhparent, a.depth + 1 FROM above a JOIN pg_inherits i ON i.inhrelid = a.relid)
        SELECT r.relname FROM above a JOIN pg_class r ON r.oid = a.relid ORDER BY a.depth DESC LIMIT 1) AS family
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.typarray = t.oid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1, a.attnum
"""
# Columns of integers that a sequence numbers, and the sequence.
_NUMBERED = """
SELECT c.relname AS table, a.attname AS column,
       pg_get_serial_sequence(format('public.%I', c.relname), a.attname) AS sequence
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  AND pg_get_serial_sequence(format('public.%I', c.relname), a.attname) IS NOT NULL
"""
# Defaults that are another value for each evaluation or session have nothing to be compared with.
_UNSTEADY = ("(", "CURRENT_", "SESSION_USER")


def tasks(context):
    for server in context.servers:
        for scenario in context.quick(server):
            yield lambda server=server, scenario=scenario: _both_ways(context, server, scenario)


def _both_ways(context, server, scenario):
    stage = context.stage(server, scenario)
    with context.report.test(f"{stage.label()}: start, complete: every value is the declared one"):
        require_declared_data(stage, stage.completed())
    with context.report.test(f"{stage.label()}: start, rollback: every value is what it was"):
        require_original_data(stage, stage.rolled_back())


def columns_by_table(connection):
    tables = {}
    for column in connection.dicts(_COLUMNS):
        tables.setdefault(column["table"], []).append(column)
    return tables


def require_original_data(stage, database):
    """Raises unless every table holds exactly the rows that it held before."""
    with stage.server.connect(stage.mended()) as original, stage.server.connect(database) as changed:
        for table, columns in columns_by_table(original).items():
            names = ", ".join(_text(quote_identifier(column["column"])) for column in columns)
            query = f"SELECT {names} FROM public.{quote_identifier(table)}"
            _require_same(table, changed.rows(query), original.rows(query))


def require_declared_data(stage, database):
    """Raises unless every value is what the migration declares for it."""
    declared = Declarations(stage.scenario.migration_sql)
    if require_rows_of_psql(stage, database, declared.gives_value):
        _require_annotated(stage, database, declared, declared.gives_value)
    else:
        _require_annotated(stage, database, declared, lambda table, column: True)


def _require_annotated(stage, database, declared, concerned):
    """Of the columns of which concerned(table, column) is true."""
    with stage.server.connect(stage.mended()) as original, stage.server.connect(database) as changed, \
            stage.server.connect(stage.twin()) as twin:
        old_tables = columns_by_table(original)
        for table, columns in columns_by_table(twin).items():
            columns = [column for column in columns if concerned(table, column["column"])]
            if not columns:
                continue
            old = declared.old_table(table)
            into = [copy for copy in declared.copies if copy.new == table]
            if old not in old_tables and into:
                _require_copied(table, columns, into, original, changed)
                continue
            if old not in old_tables:
                count = changed.value(f"SELECT count(*) FROM public.{quote_identifier(table)}")
                require(count == "0", f"the new table {table} has {count} rows")
                continue
            _require_table(declared, table, columns, old_tables[old], original, changed)
        _require_numbers(declared, original, changed)


def _behind(connection):
    """The columns whose sequence would hand out a number that a row has already."""
    behind = set()
    for column in connection.dicts(_NUMBERED):
        name, table = quote_identifier(column["column"]), quote_identifier(column["table"])
        sequence = column["sequence"]
        if connection.value(
                f"SELECT count(*) FROM public.{table}, {sequence} s, pg_sequence o"
                f" WHERE o.seqrelid = '{sequence}'::regclass AND o.seqincrement > 0"
                f" AND {name} >= s.last_value + CASE WHEN s.is_called THEN o.seqincrement ELSE 0 END") != "0":
            behind.add((column["table"], column["column"]))
    return behind


def _require_numbers(declared, original, changed):
    before = _behind(original)
    for table, column in _behind(changed):
        known = (declared.old_table(table), declared.old_column(table, column))
        require(known in before, f"the sequence of {table}.{column} hands out a number that a row has already")


def _require_table(declared, table, columns, old_columns, original, changed):
    known = {column["column"] for column in old_columns}
    expected, found = [], []
    for column in columns:
        expression = _expected(declared, table, column, known)
        if expression is not None:
            expected.append(_text(f"({expression})::{column['type']}"))
            found.append(_text(quote_identifier(column["column"])))
        elif column["default"] or column["identity"]:
            missing = changed.value(f"SELECT count(*) FROM public.{quote_identifier(table)}"
                                    f" WHERE {quote_identifier(column['column'])} IS NULL")
            require(missing == "0", f"{table}.{column['column']} has a default, and NULL in {missing} rows")
    old_table = quote_identifier(declared.old_table(table))
    _require_same(table,
                  changed.rows(f"SELECT {', '.join(found)} FROM public.{quote_identifier(table)}"),
                  original.rows(f"SELECT {', '.join(expected)} FROM public.{old_table}"))


def _require_copied(table, columns, into, original, changed):
    """A new table holds what was copied; a column that no copy gives a value is not looked at."""
    given = [(column["column"], column["type"]) for column in columns
             if any(column["column"] in copy.values for copy in into)]
    names = ", ".join(_text(quote_identifier(name)) for name, _ in given)
    union = " UNION ".join(copy.expected_rows(given).replace("SELECT DISTINCT", "SELECT") for copy in into)
    aliases = ", ".join(quote_identifier(f"c{number}") for number in range(len(given)))
    texts = ", ".join(f"{quote_identifier(f'c{number}')}::text" for number in range(len(given)))
    _require_same(table, changed.rows(f"SELECT {names} FROM public.{quote_identifier(table)}"),
                  original.rows(f"SELECT DISTINCT {texts} FROM ({union}) AS row ({aliases})"))


def _expected(declared, table, column, known):
    """The expression, over the original columns, of what a row present takes; None: unsteady."""
    name = column["column"]
    for owner in (table, column["family"]):  # what is declared of a parent holds for partitions and children
        old_table, old_name = declared.old_table(owner), declared.old_column(owner, name)
        for expressions, key in ((declared.up, (owner, name)), (declared.up, (old_table, name)),
                                 (declared.up, (old_table, old_name)),
                                 (declared.existing, (owner, name)), (declared.existing, (old_table, name))):
            if key in expressions:
                return expressions[key]
    for copy in declared.copies:
        if copy.new == table and name in copy.values and name not in known:
            return copy.expected_value(declared.old_table(table), name, column["default"])
    for owner in (table, column["family"]):
        old_name = declared.old_column(owner, name)
        if old_name in known:
            return _relabelled(quote_identifier(old_name), declared.labels.get(column["enum"], {}), column["array"] == "t")
    if column["identity"]:
        return None
    if column["default"] is None:
        return "NULL"
    unsteady = column["calls"] == "t" or any(word in column["default"] for word in _UNSTEADY)
    return None if unsteady else column["default"]


def _relabelled(expression, labels, is_array):
    """The value with its enum's labels as the file renames them."""
    if not labels:
        return expression
    if is_array:
        for old, new in labels.items():
            expression = f"array_replace(({expression})::text[], '{old}', '{new}')"
        return expression
    cases = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in labels.items())
    return f"CASE {expression}::text {cases} ELSE {expression}::text END"


def _text(expression):
    return f"({expression})::text"


def _require_same(table, found, wanted):
    found, wanted = Counter(found), Counter(wanted)
    if found == wanted:
        return
    surplus, missing = list((found - wanted).elements()), list((wanted - found).elements())
    lines = [f"{table}: {len(surplus)} rows differ"]
    lines += [f"  found:  {row}" for row in sorted(surplus, key=str)[:4]]
    lines += [f"  wanted: {row}" for row in sorted(missing, key=str)[:4]]
    require(False, "\n".join(lines))
