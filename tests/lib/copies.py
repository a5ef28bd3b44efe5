"""What a migration file says of rows that move between tables: its `copy` annotations."""

import re

from .pq import quote_identifier

_COPY = re.compile(r"^\s*--\s*segue:\s*copy\s+(\S+)\s+from\s+([^\s:]+)\s*:((?:.*\n)(?:\s*--(?:\s{4,}|\t)(?!segue:).*\n)*)", re.M | re.I)


def _unquote(name):
    name = name.rsplit(".", 1)[-1]
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _pieces(text):
    """Top-level pieces: (separator before, text), separators being commas, where and key."""
    depth, quote, start, found, before = 0, "", 0, [], ","
    for match in re.finditer(r"'|\"|[()\[\]]|,|\bwhere\b|\bkey\s*(?=\()", text, re.I):
        sign = match.group().strip().lower()
        if quote or sign in "'\"":
            quote = "" if sign == quote else quote or sign if sign in "'\"" else quote
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif depth == 0:
            found.append((before, text[start:match.start()].strip()))
            before, start = sign, match.end()
    return found + [(before, text[start:].strip())]


class Copy:
    """One annotation: values {new column: expression}, where, keys."""

    def __init__(self, new, old, body):
        self.new, self.old, self.old_written = _unquote(new), _unquote(old), old
        self.values, self.where, self.keys = {}, "true", []
        self.creates = False  # the file makes the new table
        text = " ".join(re.sub(r"^\s*--", "", line) for line in body.split("\n"))
        for kind, piece in _pieces(text):
            if kind == ",":
                column, expression = piece.split("=", 1)
                self.values[_unquote(column.strip())] = expression.strip()
            elif kind == "where":
                self.where = piece
            else:
                self.keys = [_unquote(name.strip()) for name in piece.strip("() ").split(",")]

    def source(self):
        return f"public.{quote_identifier(self.old)} AS {quote_identifier(self.old)}"

    def expected_rows(self, columns):
        """The copied rows as a query over the original database; columns: name → type. A row without a key has no copy."""
        values = ", ".join(f"({self.values.get(name, 'NULL')})::{kind}" for name, kind in columns)
        keys = " AND ".join(f"({self.values[key]}) IS NOT NULL" for key in self.keys)
        return f"SELECT DISTINCT {values} FROM {self.source()} WHERE ({self.where}) AND {keys}"

    def expected_value(self, table, column, default):
        """What a column of an existing table takes, over the table's own original row."""
        found = " AND ".join(f"({self.values[key]}) = {quote_identifier(table)}.{quote_identifier(key)}"
                             for key in self.keys)
        rows = f"FROM {self.source()} WHERE ({self.where}) AND {found}"
        return f"CASE WHEN EXISTS (SELECT {rows}) THEN (SELECT {self.values[column]} {rows}) ELSE {default or 'NULL'} END"


def find(sql):
    found = [Copy(*match) for match in _COPY.findall(sql + "\n")]
    made = {_unquote(name) for name in re.findall(r"^CREATE TABLE (?:IF NOT EXISTS )?([^\s(]+)", sql, re.M | re.I)}
    for copy in found:
        copy.creates = copy.new in made
    return found
