"""What psql makes of a migration: its schema, the values it declares, or its refusal."""

import re
from collections import Counter

from lib import catalog

from .bench import OWN_SCHEMAS, DatabaseError
from .case import new_name, old_name

_TABLES = """SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"""
_VOLATILE = re.compile(r"\(\)|CURRENT_")


def schema(connection):
    """A comparable description of the schema."""
    return Counter(catalog.lines(connection, OWN_SCHEMAS))


def plain(statement):
    """A statement as it can be run in a transaction, and on a partitioned table."""
    return re.sub(r"^((?:CREATE|DROP)(?: UNIQUE)? INDEX) CONCURRENTLY", r"\1", statement)


def wanted(connection, statements, with_rows=False):
    """(schema after the statements, None) or (None, what the server said); the database is left as it was."""
    connection.execute("BEGIN")
    try:
        tables = connection.value(_TABLES)
        if tables and not with_rows:
            connection.execute(f"TRUNCATE {tables} CASCADE")
        for statement in statements:
            connection.execute(plain(statement))
        return schema(connection), None
    except DatabaseError as error:
        return None, error
    finally:
        connection.execute("ROLLBACK")


def declared(connection, case):
    """{table: rows of the new version right after start}, with the columns that have one answer."""
    connection.execute("BEGIN")
    try:
        for statement in case.statements():
            if re.match("CREATE TYPE|CREATE DOMAIN|ALTER TYPE .* RENAME VALUE", statement):
                connection.execute(statement)
        return {table: rows_of(connection, table.quoted_old, [_expected(column) for column in steady_columns(table)])
                for table in case.new_tables() if not table.created}
    finally:
        connection.execute("ROLLBACK")


def steady_columns(table):
    """The columns of the new version whose values can be told beforehand."""
    return [column for column in table.current() if not (
        column.added and not column.up and not column.existing and not column.computed and (column.automatic or (
            column.first_default is not None and _VOLATILE.search(column.first_default))))]


def _expected(column):
    for fill in (column.up, column.existing, column.computed):
        if fill:
            return through_text(fill.text(old_name), column.type)
    if column.added:
        return through_text(column.first_default or "NULL", column.type)
    return f"{column.quoted_old}::text"


def through_text(expression, type_):
    """The expression as a value of the type, as text: the way that also works between two types of one name."""
    return f"(({expression})::text::{type_})::text"


def found(connection, case):
    """The same of the new version as it is; the connection is on its path."""
    return {table: rows_of(connection, table.quoted, [f"{column.quoted}::text" for column in steady_columns(table)])
            for table in case.new_tables() if not table.created}


def old_rows(connection, case):
    """{table: rows of the old version}; the connection is on its path."""
    return {table: rows_of(connection, table.quoted_old, [f"{column.quoted_old}::text" for column in table.present()])
            for table in case.old_tables()}


def rows_of(connection, table, expressions):
    return Counter(connection.rows(f"SELECT {', '.join(expressions)} FROM {table}"))


def agreement(old, new, case):
    """What differs between both versions' rows, where they have to be the same; None when nothing does.
    `new` is a connection on the new version's path that reads public_base too."""
    del old
    for table in case.old_tables():
        if table.dropped:
            continue
        columns = [column for column in table.current() if (column.up and column.inverse) or not (column.added or column.up)]
        pairs = [(column, through_text(column.up.text(old_name), column.type) if column.up else f"{column.quoted_old}::text")
                 for column in columns]
        one = rows_of(new, f"public_base.{table.quoted_old}" if _is_changed(new, table) else table.quoted_old,
                      [text for _, text in pairs])
        other = rows_of(new, table.quoted, [f"{column.quoted}::text" for column in columns])
        if one != other:
            return f"{table.name}: {difference(other, one)}"
    return None


def _is_changed(connection, table):
    return connection.value("SELECT to_regclass($1)", f"public_base.{table.quoted_old}") is not None


def difference(one, other):
    """The first rows that only one has."""
    return (f"only in the first: {sorted((one - other).elements(), key=str)[:2]},"
            f" only in the second: {sorted((other - one).elements(), key=str)[:2]}")


__all__ = ["new_name"]
