"""Traffic that keeps a ledger: what every writer was told had committed, row by row, and what it was told nothing about.

A writer has rows of its own, with keys that nobody else uses, and writes through one version. What it has written it knows as text, as
the version gave it back. When a connection breaks while a transaction commits, the writer looks afterwards which of both it was: all of the
transaction or nothing of it.
"""

import random
import threading
import time

from lib import pq

_TABLES = """
SELECT c.relname AS table, a.attname AS column, a.attidentity AS identity,
       a.attgenerated <> '' AS generated,
       coalesce(a.attnum = ANY (k.indkey), false) AS key,
       a.atttypid IN ('int4'::regtype, 'int8'::regtype, 'numeric'::regtype) AS number,
       EXISTS (SELECT FROM pg_index u WHERE u.indrelid = c.oid AND u.indisunique AND a.attnum = ANY (u.indkey)) AS is_unique
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_index k ON k.indrelid = c.oid AND k.indisprimary
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1, a.attnum
"""
_FIRST_KEY = 10_000_000  # above every scenario's own, and far below 2^31
_KEYS = 10_000_000 // 16  # of one writer
_REST = 0.004  # seconds between two transactions
_SEEDED = 30  # rows of each table that a writer of the old version begins with


class Wrong(Exception):
    """A write that was acknowledged is not there, or is there otherwise; or a write failed that must not."""


class Table:
    """What a version has of a table: its columns, and of which rows new ones are made."""

    def __init__(self, name, columns):
        self.name = pq.quote_identifier(name)
        self.plain = name
        self.columns = [pq.quote_identifier(column["column"]) for column in columns]
        self.given = [pq.quote_identifier(column["column"]) for column in columns if column["generated"] != "t"]
        numbers = [column["column"] for column in columns if column["key"] == "t" and column["number"] == "t"]
        self.ident = pq.quote_identifier(numbers[0]) if numbers else None
        self.changed = [pq.quote_identifier(column["column"]) for column in columns
                        if column["generated"] != "t" and column["key"] != "t" and column["is_unique"] != "t"]
        self.texts = ", ".join(f"{column}::text" for column in self.columns)

    def insert(self):
        values = ", ".join("$1" if column == self.ident else column for column in self.given)
        return (f"INSERT INTO {self.name} ({', '.join(self.given)}) SELECT {values} FROM {self.name}"
                f" WHERE {self.ident} = $2 RETURNING {self.texts}")

    def update(self):
        names = ", ".join(self.changed)
        return (f"UPDATE {self.name} SET ({names}) = (SELECT {names} FROM {self.name} WHERE {self.ident} = $2)"
                f" WHERE {self.ident} = $1 RETURNING {self.texts}")

    def delete(self):
        return f"DELETE FROM {self.name} WHERE {self.ident} = $1 RETURNING {self.texts}"

    def select(self):
        return f"SELECT {self.texts} FROM {self.name} WHERE {self.ident} = $1"


def tables_of(connection):
    """The tables of a database in which a migration has not begun, or has been run by psql."""
    found = {}
    for column in connection.dicts(_TABLES):
        found.setdefault(column["table"], []).append(column)
    tables = [Table(name, columns) for name, columns in found.items()]
    return [table for table in tables if table.ident and table.changed]


class Writer:
    """One session of one version, in a thread."""

    def __init__(self, server, database, path, tables, number, seed):
        self._where = (server, database, path)
        self.tables = {table.plain: table for table in tables}
        self.number = number
        self.first = _FIRST_KEY + number * _KEYS
        self._next = self.first
        self._rng = random.Random(seed * 100 + number)
        self.rows = {}  # (table, key): values as text
        self.acknowledged = self.unknown = 0
        self.problem = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._connection = None
        self._sources = {}

    def prepare(self, seeded=0):
        """Rows to begin with; tables whose rows cannot be copied are left alone."""
        self._connect()
        for name, table in list(self.tables.items()):
            self._sources[name] = self._connection.column(
                f"SELECT {table.ident} FROM {table.name} WHERE {table.ident} < {_FIRST_KEY} ORDER BY random() LIMIT 50")
            try:
                if not self._sources[name]:
                    raise pq.DatabaseError("23000", "no row to copy")
                self._transaction([("insert", name)] * max(seeded, 1))
                self._transaction([("update", name)])
            except pq.DatabaseError as error:
                if not (error.sqlstate or "").startswith("23"):
                    raise
                self._connection.execute("ROLLBACK")
                del self.tables[name]

    def start(self):
        if self.tables:
            self._thread.start()
        return self

    def end(self):
        """No transaction is under way any more, and the ledger says what is there."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._connection:
            self._connection.close()
            self._connection = None

    def _connect(self):
        server, database, path = self._where
        if self._connection:
            self._connection.close()
            self._connection = None
        self._connection = server.connect(database)
        self._connection.execute(f"SET search_path = {path}")

    def _work(self):
        try:
            while not self._stop.is_set():
                self._step()
                time.sleep(_REST)
        except Exception as error:  # pylint: disable=broad-except
            self.problem = error

    def _step(self):
        names = sorted(self.tables)
        acts = [(self._rng.choice(("insert", "update", "update", "delete", "read")), self._rng.choice(names))
                for _ in range(self._rng.choice((1, 1, 2, 3)))]
        pending = {}
        try:
            if not self._connection:
                self._connect()
            self._transaction(acts, pending)
        except pq.DatabaseError as error:
            self._survive(error, pending)

    def _transaction(self, acts, pending=None):
        pending = {} if pending is None else pending
        self._connection.execute("BEGIN")
        for act, name in acts:
            self._act(act, name, pending)
        pending["committing"] = True
        self._connection.execute("COMMIT")
        del pending["committing"]
        self._settle(pending)
        self.acknowledged += 1

    def _settle(self, pending):
        for place, values in pending.items():
            if values is None:
                self.rows.pop(place, None)
            else:
                self.rows[place] = values

    def _mine(self, name, pending):
        keys = {key: values for (table, key), values in self.rows.items() if table == name}
        keys.update({place[1]: values for place, values in pending.items() if place[0] == name})
        return sorted(key for key, values in keys.items() if values is not None)

    def _act(self, act, name, pending):
        table, mine = self.tables[name], self._mine(name, pending)
        source = self._rng.choice(self._sources[name])
        if act == "insert" or not mine:
            key = self._new_key(name, mine)
            pending[name, key] = self._one(act, table.insert(), key, source)
            return
        key = self._rng.choice(mine)
        if act == "update":
            pending[name, key] = self._one(act, table.update(), key, source)
            return
        found = self._one(act, table.delete() if act == "delete" else table.select(), key)
        known = pending.get((name, key)) or self.rows.get((name, key))
        if found != known:
            raise Wrong(f"{name} {key} is {found}, and was acknowledged as {known}")
        if act == "delete":
            pending[name, key] = None

    def _new_key(self, name, mine):
        """Mostly a new one; now and then one whose row was deleted."""
        if self._next > self.first and self._rng.random() < 0.3:
            key = self._rng.randrange(self.first, self._next)
            if key not in mine:
                return key
        self._next += 1
        return self._next - 1

    def _one(self, act, sql, *parameters):
        rows = self._connection.rows(sql, *parameters)
        if len(rows) != 1:
            raise Wrong(f"{act} finds {len(rows)} rows, not one: {sql} {parameters}")
        return rows[0]

    def _survive(self, error, pending):
        """The connection broke, or something has run out."""
        state = error.sqlstate or ""
        committing = pending.pop("committing", False)
        if state and not state.startswith(("08", "53", "57")) and state != "58030":
            raise Wrong(f"a write of the application failed: {error}")
        if not state or state.startswith("57") or state.startswith("08"):
            self._find_again()
        else:
            self._roll_back()
        if committing:
            self._look_which(pending)

    def _roll_back(self):
        try:
            self._connection.execute("ROLLBACK")
        except pq.DatabaseError:
            self._find_again()

    def _find_again(self, seconds=240):
        deadline = time.monotonic() + seconds
        while True:
            try:
                self._connect()
                return
            except pq.DatabaseError as error:
                if time.monotonic() > deadline:
                    raise Wrong(f"the application finds no server any more: {error}") from error
                time.sleep(0.05)

    def _look_which(self, pending):
        """Whether a transaction of which nothing was heard has committed: all of it or nothing."""
        self.unknown += 1
        pending = {place: values for place, values in pending.items() if self.rows.get(place) != values}
        while True:
            try:
                found = {place: (self._connection.rows(self.tables[place[0]].select(), place[1]) or [None])[0] for place in pending}
                break
            except pq.DatabaseError:
                self._find_again()
        if found == pending:
            self._settle(pending)
        elif found != {place: self.rows.get(place) for place in pending}:
            raise Wrong(f"of a transaction of which nothing was heard, this is there: {found}; it wrote {pending}")


def require_same(connection, writers):
    """Raises unless what the writers were told is what is there, each row once. The connection is on their version's path."""
    for writer in writers:
        for name, table in writer.tables.items():
            where = f"WHERE {table.ident} >= {writer.first} AND {table.ident} < {writer.first + _KEYS}"
            rows = connection.rows(f"SELECT {table.ident}, {table.texts} FROM {table.name} {where}")
            found = {}
            for row in rows:
                if int(row[0]) in found:
                    raise Wrong(f"{name} {row[0]} is there twice")
                found[int(row[0])] = row[1:]
            known = {key: values for (table_name, key), values in writer.rows.items() if table_name == name}
            if found != known:
                raise Wrong(f"{name}: {_difference(found, known)}")


def _difference(found, known):
    lost = sorted(set(known) - set(found))
    doubled = sorted(set(found) - set(known))
    other = sorted(key for key in set(found) & set(known) if found[key] != known[key])
    lines = [f"{len(lost)} acknowledged rows are lost, {len(doubled)} are there that must not, {len(other)} have other values"]
    lines += [f"  {key}: found {found.get(key)}, acknowledged {known.get(key)}" for key in (lost + doubled + other)[:5]]
    return "\n".join(lines)


def recapture(connection, writers):
    """What another version sees in the rows of these writers becomes what they know. The connection is on that path."""
    for writer in writers:
        for (name, key) in list(writer.rows):
            rows = connection.rows(writer.tables[name].select(), key)
            if len(rows) != 1:
                raise Wrong(f"{name} {key} was acknowledged, and the other version finds {len(rows)} of it")
            writer.rows[name, key] = rows[0]
