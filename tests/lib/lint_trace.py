"""A script carried out statement by statement, to see what each does to a database that is in use: the locks that the server
takes on what was there before, what is read and written under them, what fails.

Outside a transaction block of the script a statement gets one of its own, which is looked at before it ends. What cannot run in one
(CONCURRENTLY, VACUUM) is held back by a session that uses all tables, and its locks are read meanwhile.
"""

import re
import time

from . import lock_trace, pq

_TOKEN = re.compile(r"--[^\n]*|/\*|\*/|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\"[^\"]*\"|(\$(?:[^\W\d]\w*)?\$).*?\1|\w+|.", re.S)
_ALONE = re.compile(r"(?!REFRESH).*\bCONCURRENTLY\b|VACUUM\b|CLUSTER\s*$|(CREATE|DROP|ALTER) (DATABASE|TABLESPACE|SYSTEM)\b"
                    r"|REINDEX\s*(\([^)]*\))?\s*(SCHEMA|DATABASE|SYSTEM)\b|ALTER \w+ ALL IN TABLESPACE|DO\b.*\bCOMMIT;", re.S | re.I)
_ROUTINE = re.compile(r"CREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE)\b", re.I)
_BEGIN = re.compile(r"(BEGIN|START TRANSACTION)\b(?!\s+ATOMIC)", re.I)
_END = re.compile(r"(COMMIT|END|ROLLBACK|ABORT)\b(?!\s+TO\b)", re.I)
_SETTING = re.compile(r"(SET|RESET)\b(?!\s+CONSTRAINTS)", re.I)
_KINDS = "('r', 'p', 'v', 'm', 'S', 'i', 'I')"
_RELATIONS = f"""
SELECT c.oid, c.relname, c.relkind, pg_relation_filenode(c.oid), coalesce(i.indrelid, 0), c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.relkind IN {_KINDS} AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY c.relname
"""
_WORK = """
SELECT relid, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0), n_tup_ins + n_tup_upd + n_tup_del, n_tup_upd + n_tup_del
FROM pg_stat_xact_all_tables
"""
_AWAITED = "SELECT relation, mode FROM pg_locks WHERE pid = $1 AND locktype = 'relation' AND NOT granted"
_WAITS = "SELECT count(*) FROM pg_locks WHERE pid = $1 AND NOT granted"
_PATIENCE = "SELECT CASE WHEN setting = '0' THEN '' ELSE setting || ' ms' END FROM pg_settings WHERE name = 'lock_timeout'"
_SECONDS = 20


class Effect:
    """One statement as it went, by the names of relations that were there before the script."""

    def __init__(self, statement, views):
        self.statement = statement
        self.views = views     # materialized ones
        self.locks = {}        # the strongest that is held when it ends, those of the transaction's earlier statements too
        self.indexes = {}      # likewise of indexes that are locked as their tables are not
        self.rewritten = []    # what got a new file
        self.read = []         # what was read from end to end
        self.written = {}      # rows, by table
        self.changed_all = []  # tables of which it updates or deletes as many rows as were there
        self.in_transaction = False
        self.patience = ""     # lock_timeout; empty: for ever
        self.error = None
        self.seconds = 0.0     # that it ran; 0 of what was held back to look at its locks

    def stands_still(self):
        """{relation} that others wait for as long as something is large; a new empty file costs nothing."""
        words = code(self.statement).upper()
        if words.startswith("TRUNCATE") or words.endswith("WITH NO DATA") or not (self.rewritten or self.read):
            return set()
        return self.asks_for()

    def asks_for(self):
        """{relation} whose users wait behind this statement while it waits for its lock."""
        return {name for name, mode in self.locks.items() if self.waits(name, mode)} | set(self.indexes)

    def waits(self, name, mode):
        """Who waits for that lock; "" for nobody. Only REFRESH writes a materialized view."""
        if mode == "ACCESS EXCLUSIVE":
            return "reads and writes"
        return "writes" if lock_trace.strength(mode) >= lock_trace.strength("SHARE") and name not in self.views else ""


class _Nesting:
    """Whether a semicolon ends a statement, as psql tells it: not in a comment, in parentheses, or between BEGIN ATOMIC and its END."""

    def __init__(self):
        self.comments = 0
        self._start_anew()

    def _start_anew(self):
        self._parentheses = self._blocks = 0

    def ends(self, token, statement):
        word = token.upper()
        if token in ("/*", "*/"):
            self.comments += 1 if token == "/*" else -min(self.comments, 1)
        elif self.comments:
            return False
        elif token in "()":
            self._parentheses = max(0, self._parentheses + (1 if token == "(" else -1))
        elif word == "BEGIN" and _ROUTINE.match(code(statement)) or word == "CASE" and self._blocks:
            self._blocks += 1
        elif word == "END" and self._blocks:
            self._blocks -= 1
        elif token == ";" and not self._parentheses and not self._blocks:
            self._start_anew()
            return True
        return False


def statements(script):
    """The statements of a script, with the comments before them."""
    found, now, nesting, at = [], "", _Nesting(), 0
    while at < len(script):
        token = script[at:at + 1] if nesting.comments and script[at:at + 2] not in ("/*", "*/") else _TOKEN.match(script, at)[0]
        at += len(token)
        if nesting.ends(token, now):
            found.append(now.strip())
            now = ""
        else:
            now += token
    return [one for one in [*found, now.strip()] if code(one)]


def code(statement):
    """Without the comments before it."""
    rest = statement.lstrip()
    while rest.startswith(("--", "/*")):
        rest = (rest.partition("\n")[2] if rest.startswith("--") else _behind_comment(rest)).lstrip()
    return rest


def _behind_comment(text):
    depth = 0
    for mark in re.finditer(r"/\*|\*/", text):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return text[mark.end():]
    return ""


class Trace:
    """Carries scripts out in a database."""

    def __init__(self, server, database):
        self._server = server
        self._database = database
        with server.connect(database) as look:
            self._before = {row[0]: row for row in look.rows(_RELATIONS)}
            self._rows = {row[1]: int(look.value(f"SELECT count(*) FROM ONLY {row[5]}"))
                          for row in self._before.values() if row[2] in "rpm"}
        self._views = {row[1] for row in self._before.values() if row[2] == "m"}
        self._names = {oid: row[1] for oid, row in self._before.items() if row[2] not in "iI"}
        self._indexes = {oid: row for oid, row in self._before.items() if row[2] in "iI"}

    def run(self, script):
        """A list of Effect; a transaction that has failed stays so up to its end."""
        with self._server.connect(self._database) as session, self._server.connect(self._database) as watcher:
            self._session, self._watcher, self._open = session, watcher, False
            return [self._effect(statement) for statement in statements(script)]

    def _effect(self, statement):
        effect = Effect(statement, self._views)
        sql = code(statement)
        effect.patience = self._ask(_PATIENCE)
        try:
            if _BEGIN.match(sql) or _END.match(sql):
                self._session.execute(sql)
                self._open = bool(_BEGIN.match(sql))
            elif _SETTING.match(sql):
                self._session.execute(sql)
            elif self._open:
                effect.in_transaction = True
                self._look_at(effect, sql)
            elif _ALONE.match(sql):
                self._run_alone(effect, sql)
            else:
                self._session.execute("BEGIN")
                self._look_at(effect, sql)
                self._session.execute("COMMIT")
        except pq.DatabaseError as error:
            effect.error = error.message
            if not self._open:
                self._session.execute("ROLLBACK")
        return effect

    def _ask(self, sql):
        try:
            return self._session.value(sql)
        except pq.DatabaseError:  # in a transaction that has failed
            return ""

    def _look_at(self, effect, sql):
        work = {row[0]: row for row in self._session.rows(_WORK)}
        files = {oid: row[3] for oid, row in ((row[0], row) for row in self._session.rows(_RELATIONS))}
        begun = time.monotonic()
        self._session.execute(sql)
        effect.seconds = time.monotonic() - begun
        for oid, read, written, changed in self._session.rows(_WORK):
            _, read_before, written_before, changed_before = work.get(oid, (oid, 0, 0, 0))
            name = self._names.get(oid)
            rows = int(written) - int(written_before)
            if rows and name:
                effect.written[name] = rows
            if self._rows.get(name) and int(changed) - int(changed_before) >= self._rows[name]:
                effect.changed_all.append(name)
            if self._rows.get(name) and int(read) - int(read_before) >= self._rows[name]:
                effect.read.append(name)
        self._compare_files(effect, files, self._session)
        self._note(effect, lock_trace.held(self._watcher, self._session.pid))

    def _compare_files(self, effect, files, session):
        for oid, name, kind, file, of, _ in sorted(session.rows(_RELATIONS), key=lambda row: row[2] in "iI"):
            is_own = oid in self._names and kind in "rm" or oid in self._indexes and self._names.get(of) not in effect.rewritten
            if is_own and files.get(oid) != file:
                effect.rewritten.append(name)

    def _note(self, effect, locks):
        for oid, mode in locks.items():
            if oid in self._names and mode != "ACCESS SHARE":
                effect.locks[self._names[oid]] = mode
        for oid, mode in locks.items():
            of_table = self._indexes.get(oid, [None] * 6)[4]
            if mode == "ACCESS EXCLUSIVE" and oid in self._indexes and locks.get(of_table) != mode:
                effect.indexes[self._indexes[oid][1]] = mode

    def _run_alone(self, effect, sql):
        """Held back twice: by somebody who maintains the tables, as it has to wait for the first lock that it asks for, and by
        somebody who writes, as CONCURRENTLY waits for all of those when it has its locks."""
        files = {oid: row[3] for oid, row in self._before.items()}
        tables = ", ".join(row[5] for row in self._before.values() if row[2] in "rp")
        patience = self._session.value("SHOW lock_timeout")
        self._session.execute("SET lock_timeout = 0")
        with self._server.connect(self._database) as writer, self._server.connect(self._database) as keeper:
            keeper.execute(f"BEGIN; LOCK TABLE {tables} IN SHARE UPDATE EXCLUSIVE MODE")
            writer.execute(f"BEGIN; LOCK TABLE {tables} IN ROW EXCLUSIVE MODE")
            self._session.send(sql)
            locks = {}
            for holder in (keeper, writer):
                self._wait(locks)
                holder.execute("COMMIT")
        try:
            self._session.finish()
        finally:
            self._session.execute(f"SET lock_timeout = '{patience}'")
        self._compare_files(effect, files, self._watcher)
        self._note(effect, locks)

    def _wait(self, locks):
        """Until the statement waits for a lock, or has ended."""
        deadline = time.monotonic() + _SECONDS
        waits = False
        while self._session.busy() and not waits and time.monotonic() < deadline:
            waits = self._watcher.value(_WAITS, self._session.pid) != "0"
            time.sleep(0.002)
        awaited = self._watcher.rows(_AWAITED, self._session.pid)
        lock_trace.stronger(locks, {oid: lock_trace.PG_MODES[mode] for oid, mode in awaited})
        lock_trace.stronger(locks, lock_trace.held(self._watcher, self._session.pid))
