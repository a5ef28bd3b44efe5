"""Writes of one version of an application, each of which checks what it finds: the values it wrote, its other columns
as they were, and in the other version what the conversions say."""

from .bench import DatabaseError
from .case import new_name, old_name
from .twin import through_text


class Wrong(Exception):
    """A write that did not do what it should."""


class Side:
    """One version: its names, types and values for columns."""

    def __init__(self, case, new):
        self.case, self.new = case, new
        self.tables = [table for table in (case.new_tables() if new else case.old_tables())]

    def columns(self, table):
        return table.current() if self.new else table.present()

    def table_name(self, table):
        return table.quoted if self.new else table.quoted_old

    def name(self, column):
        return new_name(column) if self.new else old_name(column)

    def type(self, column):
        return column.type if self.new else column.kind.type

    def values(self, column):
        return column.new_values if self.new else column.old_values

    def not_null(self, column):
        return (column.not_null or column.never_null) if self.new else column.old_not_null

    def default(self, column):
        return column.default if self.new else column.first_default

    def foreign_keys(self, table):
        return table.live_foreign_keys if self.new else table.foreign_keys

    def fill(self, column):
        """What makes this side's value of the column from the other side's."""
        return column.up if self.new else column.down


def both_literals(column, literal, new):
    """The literals of a value of the column in (the old, the new) version, from one of them."""
    typed = f"({literal})::{column.type if new else column.kind.type}"
    if not column.up:
        return typed, typed
    return (column.down.text(lambda _: typed), typed) if new else (typed, column.up.text(lambda _: typed))


class Writer:
    """Random writes through one session. `numbers` gives numbers that nobody else uses."""

    def __init__(self, rng, side, connection, numbers):
        self.rng, self.side, self.connection, self.numbers = rng, side, connection, numbers
        self.keys = {table: [self._key_of(table, row, False) for row in table.rows] for table in side.tables if table.key}
        self.last = ""
        self.written_sql = None  # the last step's, when it wrote a row

    def step(self, other=None):
        """One write; with `other`, a Writer of the other version's, both versions are compared as well.
        The table that was written to; None when nothing was."""
        if not self.side.tables:
            return None
        table = self.rng.choice(self.side.tables)
        what = self.rng.random()
        self.written_sql = None
        if what < 0.45 or not self.keys.get(table):
            self._insert(table, other)
        elif what < 0.85 or table.kept_rows:
            self._update(table, other)
        else:
            self._delete(table, other)
        return table if self.written_sql else None

    def _key_of(self, table, row, new):
        """For each key column the literals of both versions, from a row of one of them."""
        return tuple(both_literals(column, row[column], new) for column in table.key)

    def _where(self, table, key):
        return " AND ".join(f"{self.side.name(column)} = {literals[self.side.new]}" for column, literals in zip(table.key, key))

    def _rows(self, sql):
        self.last = sql
        return self.connection.rows(sql)

    def _choose(self, table, columns):
        """Literals for the columns; None when a foreign key has nothing to point to."""
        row = {}
        for column in columns:
            nullable = not self.side.not_null(column) and not column.key
            if nullable and self.rng.random() < 0.12:
                row[column] = "NULL"
            else:
                row[column] = self.rng.choice(self.side.values(column)).replace("{n}", str(next(self.numbers)))
        for key in self.side.foreign_keys(table):
            if not any(column in row for column in key.columns):
                continue
            rows = [] if key.parent.dropped or key.parent.created else key.parent.rows
            if not rows and any(self.side.not_null(column) for column in key.columns):
                return None
            chosen = self.rng.choice(rows) if rows else None
            for column, target in zip(key.columns, key.parent_columns):
                row[column] = both_literals(column, chosen[target], False)[self.side.new] if chosen else "NULL"
        return row

    def _insert(self, table, other):
        columns = [column for column in self.side.columns(table) if not column.automatic and column.steady]
        omitted = {column for column in columns if not column.key and not column.references and self.rng.random() < 0.15
                   and (self.side.default(column) is not None or not self.side.not_null(column))}
        row = self._choose(table, [column for column in columns if column not in omitted])
        if row is None:
            return
        key = [column for column in table.key if column.automatic]
        checks = [self._holds(column, literal) for column, literal in row.items()]
        returned = checks + [f"{self.side.name(column)}::text" for column in key]
        into = f" ({', '.join(self.side.name(column) for column in row)}) VALUES ({', '.join(row.values())})" if row \
            else " DEFAULT VALUES"
        found = self._rows(f"INSERT INTO {self.side.table_name(table)}{into} RETURNING {', '.join(returned) or '1'}")[0]
        self.written_sql = self.last
        self._require_all(found[:len(checks)], row)
        if not table.key:
            return
        literals = dict(row)
        for column, text in zip(key, found[len(checks):]):
            literals[column] = text
        self.keys.setdefault(table, []).append(self._key_of(table, literals, self.side.new))
        if other and table in other.side.tables:
            other.keys.setdefault(table, []).append(self.keys[table][-1])
            self._compare(table, self.keys[table][-1], set(self.side.columns(table)), other, {})

    def _holds(self, column, literal):
        typed = f"({literal})::{self.side.type(column)}"
        return f"{self.side.name(column)}::text IS NOT DISTINCT FROM ({typed})::text"

    def _require_all(self, found, row):
        for holds, (column, literal) in zip(found, row.items()):
            if holds != "t":
                raise Wrong(f"{column.table.name}.{column.name} was written as {literal} and is another value: {self.last}")

    def _update(self, table, other):
        key = self.rng.choice(self.keys[table])
        columns = [column for column in self.side.columns(table)
                   if not column.automatic and column.steady and not column.key]
        if not columns:
            return
        row = self._choose(table, self.rng.sample(columns, min(len(columns), self.rng.choice((1, 1, 2, 3)))))
        if row is None:
            return
        before = other and {side: side.row(table, key) for side in (self, other) if table in side.side.tables}
        sets = ", ".join(f"{self.side.name(column)} = {literal}" for column, literal in row.items())
        found = self._rows(f"UPDATE {self.side.table_name(table)} SET {sets} WHERE {self._where(table, key)} RETURNING "
                           + ", ".join(self._holds(column, literal) for column, literal in row.items()))
        if not found:
            return  # somebody deleted it
        self.written_sql = self.last
        self._require_all(found[0], row)
        if other:
            self._compare(table, key, set(row), other, before)

    def row(self, table, key):
        """{column: text} of this side's steady columns."""
        columns = [column for column in self.side.columns(table) if column.steady and not column.generated]
        if not columns:
            return {}
        found = self._rows("SELECT " + ", ".join(f"{self.side.name(column)}::text" for column in columns)
                           + f" FROM {self.side.table_name(table)} WHERE {self._where(table, key)}")
        return dict(zip(columns, found[0])) if found else None

    def _compare(self, table, key, written, other, before):
        """After a write of `written` columns: what did not depend on them is as before, the rest as converted."""
        write = self.last
        for writer, earlier in before.items():
            now = writer.row(table, key)
            if now is None or earlier is None:
                raise Wrong(f"{table.name}: row {key} is gone after {write}")
            for column, text in now.items():
                fill = writer.side.fill(column)
                sources = {column} if writer is self else set(fill.sources) if fill else {column}
                if not sources & written and text != earlier.get(column):
                    raise Wrong(f"{table.name}.{column.name} went from {earlier.get(column)} to {text} with {write}")
        if table not in other.side.tables:
            return
        if before:  # what was written as it was is no write
            now = self.row(table, key)
            written = {column for column in written if now.get(column) != before[self].get(column)}
        self._require_converted(table, key, written, other, write)

    def _require_converted(self, table, key, written, other, write):
        pairs = []
        here = other.foreign(self.side.table_name(table), self.side.new)
        for column in other.side.columns(table):
            fill = other.side.fill(column)
            if not column.steady or column.generated or column.automatic:
                continue
            if fill and set(fill.sources) & written:
                pairs.append((column, through_text(fill.text(self.side.name), other.side.type(column))))
            elif not fill and column in written and not column.added and not column.dropped:
                pairs.append((column, f"{self.side.name(column)}::text"))
        if not pairs:
            return
        wanted = other._rows("SELECT " + ", ".join(text for _, text in pairs) + f" FROM {here} WHERE {self._where(table, key)}")
        found = other._rows("SELECT " + ", ".join(f"{other.side.name(column)}::text" for column, _ in pairs)
                            + f" FROM {other.side.table_name(table)} WHERE {other._where(table, key)}")
        if not wanted or not found:
            raise Wrong(f"{table.name}: row {key} is not in both versions after {write}")
        for (column, text), one, two in zip(pairs, wanted[0], found[0]):
            if one != two:
                raise Wrong(f"{table.name}.{column.name} of the other version is {two}, not {one} = {text}, after {write}")

    def foreign(self, name, is_new):
        """The other version's table, as this session names it."""
        qualified = f"{'public_torture' if is_new else 'public_base'}.{name}"
        return qualified if self.connection.value("SELECT to_regclass($1)", qualified) else name

    def _delete(self, table, other):
        key = self.keys[table].pop(self.rng.randrange(len(self.keys[table])))
        if self._rows(f"DELETE FROM {self.side.table_name(table)} WHERE {self._where(table, key)} RETURNING 1"):
            self.written_sql = self.last
        if other and table in other.side.tables:
            if key in other.keys.get(table, []):
                other.keys[table].remove(key)
            if other.row(table, key):
                raise Wrong(f"{table.name}: row {key} was deleted and is there in the other version: {self.last}")


__all__ = ["Side", "Writer", "Wrong", "DatabaseError"]
