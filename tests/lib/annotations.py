"""What a migration file declares about values: its `up`, `down` and `existing`, and what it renames."""

import re

from . import copies
from .dump import split_statements

_NAME = r'(?:"(?:[^"]|"")*"|\w+)'
_VALUE = re.compile(rf"^\s*--\s*segue:\s*(up|down|existing)\s+({_NAME})\.({_NAME})\s*=\s*(.*?)\s*$", re.M)
_CONTINUATION = re.compile(r"(?<=\S)[ \t]*\n[ \t]*--(?: {4,}|\t+)(?=\S)")
_CREATE_TABLE = re.compile(rf"^CREATE TABLE (?:IF NOT EXISTS )?({_NAME}) ", re.I)
_RENAME_TABLE = re.compile(rf"^ALTER TABLE (?:ONLY )?({_NAME}) RENAME TO ({_NAME})$", re.I)
_RENAME_COLUMN = re.compile(rf"^ALTER TABLE (?:ONLY )?({_NAME}) RENAME (?:COLUMN )?(?!TO\b)({_NAME}) TO ({_NAME})$", re.I)


def unquote(name):
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()

_RENAME_VALUE = re.compile(rf"^ALTER TYPE ({_NAME}) RENAME VALUE '(.*)' TO '(.*)'$", re.I)


class Declarations:
    """labels: {enum type: {label: its new name}}; up, down, existing: {(table, column): expression}; old_table, old_column: names before."""

    def __init__(self, sql):
        self.up, self.down, self.existing = {}, {}, {}
        for kind, table, column, expression in _VALUE.findall(_CONTINUATION.sub(" ", sql)):
            getattr(self, kind)[unquote(table), unquote(column)] = expression
        self.labels = {}
        self.copies = copies.find(sql)
        self.created = set()
        self._tables, self._columns = {}, {}
        for statement in split_statements(sql):
            self._read_rename(" ".join(statement.split()))

    def old_table(self, new_name):
        """The table's name before; None when the file gave its name to another and made a new table."""
        if new_name in self._tables:
            return self._tables[new_name]
        return None if new_name in self._tables.values() else new_name

    def old_column(self, new_table, new_name):
        return self._columns.get((self.old_table(new_table), new_name), new_name)

    def gives_value(self, table, column):
        """Whether an annotation says what the rows present take in a column of the new version."""
        for copy in self.copies:
            if copy.new == table and (copy.creates or column in copy.values and column not in copy.keys):
                return True
        old_table = self.old_table(table)
        places = ((table, column), (old_table, column), (old_table, self.old_column(table, column)))
        if any(place in self.up or place in self.existing for place in places):
            return True
        return any(copy.new == table and (table in self.created or column in copy.values) for copy in self.copies)

    def _read_rename(self, statement):
        match = _RENAME_VALUE.match(statement)
        if match:
            self.labels.setdefault(unquote(match.group(1)), {})[match.group(2)] = match.group(3)
        match = _CREATE_TABLE.match(statement)
        if match:
            self.created.add(unquote(match.group(1)))
        match = _RENAME_TABLE.match(statement)
        if match:
            old, new = map(unquote, match.groups())
            self._tables[new] = self.old_table(old)
        match = _RENAME_COLUMN.match(statement)
        if match:
            table, old, new = map(unquote, match.groups())
            self._columns[self.old_table(table), new] = self._columns.get((self.old_table(table), old), old)


