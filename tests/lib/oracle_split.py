"""Sessions at the two halves of one row of a split table: who comes at the same instant, in which order, and in bulk."""

import time

from . import pq
from .promises import promise_all
from .report import require
from .two_versions import TwoVersions

_SCHEMA = """
CREATE TABLE documents (id integer PRIMARY KEY, title text NOT NULL, content text);
INSERT INTO documents SELECT i, 'Title ' || i, 'Content ' || i FROM generate_series(1, 100) i;
CREATE TABLE members (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE badges (member integer PRIMARY KEY, colour text NOT NULL);
INSERT INTO members SELECT i, 'Member ' || i FROM generate_series(1, 10) i;
"""

# A split and a merge, neither with a foreign key between the two tables.
_MIGRATION = """
-- segue: copy contents from documents: document = id, body = content where content IS NOT NULL key (document)
-- segue: back documents from contents: content = body
CREATE TABLE contents (document integer PRIMARY KEY, body text NOT NULL);
ALTER TABLE documents DROP COLUMN content;
-- segue: copy members from badges: id = member, badge = colour key (id)
-- segue: back badges from members: member = id, colour = badge where badge IS NOT NULL
ALTER TABLE members ADD COLUMN badge text;
DROP TABLE badges;
"""

_BULK = 30000  # more rows than the lock table has room for
_PATIENCE = 30


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


class _Life(TwoVersions):
    """Sessions that see a deadlock early, and what either version sees of a row."""

    def __init__(self, context, server):
        super().__init__(context, server, "halves", _SCHEMA, _MIGRATION, " -cdeadlock_timeout=20ms")

    def waits(self, session):
        """Returns when the session waits for a lock."""
        with self.server.connect(self.database) as connection:
            end = time.monotonic() + _PATIENCE
            while connection.value("SELECT wait_event_type FROM pg_stat_activity WHERE pid = $1", session.pid) != "Lock":
                require(time.monotonic() < end, "the session does not wait")
                time.sleep(0.02)

    def expect_document(self, number, content):
        with self.old() as old, self.new() as new:
            found = (old.value("SELECT content FROM documents WHERE id = $1", number),
                     new.value("SELECT body FROM contents WHERE document = $1", number))
        require(found == (content, content), f"document {number}: old and new version see {found}, not {content!r}")

    def expect_badge(self, number, colour):
        with self.old() as old, self.new() as new:
            found = (old.value("SELECT colour FROM badges WHERE member = $1", number),
                     new.value("SELECT badge FROM members WHERE id = $1", number))
        require(found == (colour, colour), f"member {number}: old and new version see {found}, not {colour!r}")


def _all(context, server):
    life = _Life(context, server).start()
    promise_all(context, server, _PROMISES, life)


def _at_once(life, connect, first, second):
    """Both statements in transactions that are open at the same time; the second one waits for the first."""
    with connect() as one, connect() as other:
        one.execute(f"BEGIN; {first}")
        other.execute("BEGIN")
        other.send(second)
        life.waits(other)
        one.execute("COMMIT")
        other.finish()
        other.execute("COMMIT")


def _halves_of_a_split(life):
    """Two halves of a row that the new version inserts at the same instant meet, without a foreign key"""
    _at_once(life, life.new, "INSERT INTO documents (id, title) VALUES (1001, 'a')",
             "INSERT INTO contents VALUES (1001, 'body a')")
    life.expect_document(1001, "body a")
    _at_once(life, life.new, "INSERT INTO contents VALUES (1002, 'body b')",
             "INSERT INTO documents (id, title) VALUES (1002, 'b')")
    life.expect_document(1002, "body b")


def _halves_of_a_merge(life):
    """Two halves of a row that the old version inserts at the same instant meet, without a foreign key"""
    _at_once(life, life.old, "INSERT INTO members VALUES (1001, 'a')", "INSERT INTO badges VALUES (1001, 'red')")
    life.expect_badge(1001, "red")
    _at_once(life, life.old, "INSERT INTO badges VALUES (1002, 'blue')", "INSERT INTO members VALUES (1002, 'b')")
    life.expect_badge(1002, "blue")


def _halves_that_move(life):
    """Halves that move to the same key at the same instant meet"""
    with life.new() as new:
        new.execute("INSERT INTO documents (id, title) VALUES (1101, 'm'); INSERT INTO contents VALUES (1199, 'moved')")
    _at_once(life, life.new, "UPDATE documents SET id = 1102 WHERE id = 1101",
             "UPDATE contents SET document = 1102 WHERE document = 1199")
    life.expect_document(1102, "moved")


def _halves_rolled_back(life):
    """A half whose other half was rolled back waits for nothing and keeps what it has"""
    with life.new() as one, life.new() as other:
        one.execute("BEGIN; INSERT INTO contents VALUES (1201, 'never')")
        other.send("INSERT INTO documents (id, title) VALUES (1201, 'alone')")
        life.waits(other)
        one.execute("ROLLBACK")
        other.finish()
    with life.old() as old:
        require(old.rows("SELECT title, content FROM documents WHERE id = 1201") == [("alone", None)], "the row alone")


def _in_bulk(life):
    """Many rows in one transaction do not exhaust the lock table, and leave no key behind"""
    with life.new() as new:
        new.execute(f"BEGIN; INSERT INTO documents SELECT i, 'bulk' FROM generate_series(10001, 10000 + {_BULK}) i;"
                    f" INSERT INTO contents SELECT i, 'bulk ' || i FROM generate_series(10001, 10000 + {_BULK}) i; COMMIT")
        found = new.value("SELECT count(*) FROM public.documents WHERE id > 10000 AND content = 'bulk ' || id")
        require(found == str(_BULK), f"{found} of {_BULK} rows met")
        for table in new.column("SELECT oid::regclass FROM pg_class WHERE relname LIKE 'split%keys%' AND relkind = 'r'"):
            require(new.value(f"SELECT count(*) FROM {table}") == "0", f"{table} has rows")


def _row_of_both_first(life):
    """A session that locks the row of the table that both versions have waits for the other version, and neither fails"""
    with life.old() as old, life.new() as new:
        old.execute("BEGIN; SELECT FROM documents WHERE id = 50 FOR UPDATE")
        new.execute("BEGIN")
        new.send("SELECT FROM documents WHERE id = 50 FOR NO KEY UPDATE")
        life.waits(new)
        old.execute("UPDATE documents SET content = 'by old' WHERE id = 50; COMMIT")
        new.finish()
        new.execute("UPDATE contents SET body = body || ', by new' WHERE document = 50; COMMIT")
    life.expect_document(50, "by old, by new")


def _half_first(life):
    """Where each version begins with its own half, PostgreSQL ends one with 40P01; the halves agree, also after it tries again"""
    statement = "UPDATE contents SET body = 'new' WHERE document = 51"
    with life.old() as old, life.new() as new:
        old.execute("BEGIN; SELECT FROM documents WHERE id = 51 FOR UPDATE")
        new.send(statement)
        life.waits(new)
        ended = 0
        for session, go in ((old, lambda: old.execute("UPDATE documents SET content = 'old' WHERE id = 51; COMMIT")),
                            (new, new.finish)):
            try:
                go()
            except pq.DatabaseError as error:
                require(error.sqlstate == "40P01", str(error))
                session.execute("ROLLBACK")
                ended += 1
        require(ended == 1, f"{ended} sessions were ended")
        new.execute(statement)
    life.expect_document(51, "new")


_PROMISES = [_halves_of_a_split, _halves_of_a_merge, _halves_that_move, _halves_rolled_back, _in_bulk,
             _row_of_both_first, _half_first]
