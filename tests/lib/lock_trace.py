"""A plan carried out step by step by hand, to see which locks the server really takes.

What a statement locks is read in pg_locks before its transaction ends. What is announced and not there by then may have been
given back already, so it is tried whether the step waits for somebody who reads. A statement that runs outside a transaction block
is held back by a session that writes to its tables: it waits for that session, and meanwhile its locks can be read. What a step announces
and its acts do not take may be what its way back takes; then that is tried too, and rolled back.
"""

import time

from .report import require

MODES = ["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
         "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"]
PG_MODES = {mode.title().replace(" ", "") + "Lock": mode for mode in MODES}
_WAIT_SECONDS = 20

# Relations that readers and writers of the application may wait for. Indexes and sequences apart: who locks one has mostly locked its table.
_RELATIONS = """
SELECT c.oid, format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'segue') AND n.nspname !~ '^segue_rebuild'
"""
_INDEXES = """
SELECT c.oid, format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('i', 'I', 'S') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'segue') AND n.nspname !~ '^segue_rebuild'
"""
_PARENTS = """
WITH RECURSIVE above AS (
    SELECT inhrelid AS child, inhparent AS parent FROM pg_inherits
    UNION SELECT a.child, i.inhparent FROM above a JOIN pg_inherits i ON i.inhrelid = a.parent)
SELECT format('%I.%I', c.relnamespace::regnamespace, c.relname), format('%I.%I', p.relnamespace::regnamespace, p.relname)
FROM above a JOIN pg_class c ON c.oid = a.child JOIN pg_class p ON p.oid = a.parent WHERE c.relkind IN ('r', 'p')
"""
_HELD = """
SELECT l.relation, l.mode FROM pg_locks l WHERE l.pid = $1 AND l.locktype = 'relation' AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_AWAITED = """
SELECT relation, mode FROM pg_locks WHERE pid = $1 AND locktype = 'relation' AND NOT granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
# The weakest lock that somebody else has to wait for with this one, or a weaker one.
_WAITED_FOR_BY = {"SHARE": "ROW EXCLUSIVE", "SHARE ROW EXCLUSIVE": "ROW EXCLUSIVE", "EXCLUSIVE": "ROW SHARE",
                  "ACCESS EXCLUSIVE": "ACCESS SHARE"}
_WAITS = "SELECT count(*) FROM pg_locks WHERE pid = $1 AND NOT granted"


class Traced:
    """One step as it went: what it ran, the strongest lock it took on each relation that was there before, likewise on each
    index and sequence, what was above each partition and child, and what was there before or after it."""

    def __init__(self, step, statements, locks, indexes, parents, there):
        self.step = step
        self.statements = statements
        self.locks = locks
        self.indexes = indexes
        self.parents = parents
        self.there = there


def strength(mode):
    return MODES.index(mode)


def trace(server, database, plan):
    """Carries the whole plan out on a database of its own, with nobody else about; a list of Traced."""
    with server.connect(database) as session, server.connect(database) as watcher:
        session.execute(f"SET search_path = {plan['search_path']}")
        return [_carry_out(session, watcher, step) for step in plan["steps"]]


def _carry_out(session, watcher, step):
    relations = dict(watcher.rows(_RELATIONS))
    indexes = dict(watcher.rows(_INDEXES))
    parents = {}
    for child, parent in watcher.rows(_PARENTS):
        parents.setdefault(child, []).append(parent)
    everything = {**relations, **indexes}
    if step["kind"] in ("alone", "vacuum"):
        statements = step["acts"]
        locks = {}
        for statement in statements:
            stronger(locks, _run_alone(session, watcher, statement, step))
    else:
        statements = _statements(step)
        locks = _run_in_transaction(session, watcher, statements, lambda held: _unseen(step, everything, held))
    if statements and step["undo"] and not step.get("undo_alone") and list(_missing(step, everything, locks)):
        stronger(locks, _run_back(session, watcher, step["undo"]))
    there = set(everything.values())
    if list(_missing(step, everything, locks)):
        there |= set(dict(watcher.rows(_RELATIONS)).values()) | set(dict(watcher.rows(_INDEXES)).values())
    named = {relations[oid]: mode for oid, mode in locks.items() if oid in relations}
    on_indexes = {indexes[oid]: mode for oid, mode in locks.items() if oid in indexes}
    return Traced(step, statements, named, on_indexes, parents, there)


def _run_back(session, watcher, statements):
    """The locks of the way back, which is not taken."""
    session.execute("BEGIN")
    try:
        for statement in statements:
            session.execute(statement)
        return held(watcher, session.pid)
    finally:
        session.execute("ROLLBACK")


def _statements(step):
    if step["kind"] == "transaction":
        return step["acts"]
    if step["kind"] == "check":
        return [*step["check"].get("prepare", []), step["check"]["count"]]
    if step["kind"] == "catch-up":
        # As the program does before it takes its snapshot.
        lock = f"LOCK TABLE ONLY {step['locks'][0]['relation']} IN ACCESS SHARE MODE"
        return [lock, *(act.replace("$1", "NULL") for act in step["acts"])]
    if step["kind"] == "side by side":
        return step["acts"]
    return _walk_statements(step["walk"], step["id"])


def _walk_statements(walk, step):
    """What a walk runs for each chunk, as one chunk without its key's range."""
    quiet = ["SET LOCAL session_replication_role = replica"] if walk.get("silence_triggers") else []
    where = f" WHERE {walk['where']}" if walk.get("where") else ""
    table = walk["table"] + (f" AS {walk['alias']}" if walk.get("alias") else "")
    if walk.get("remove"):
        return [*quiet, f"DELETE FROM ONLY {table}{where}"]
    if walk.get("set"):
        return [*quiet, f"UPDATE ONLY {table} SET {walk['set']}{where}"]
    if walk.get("insert"):
        return [f"{walk['insert']}{where}"]
    if walk.get("copies"):
        rows = f"WITH _segue_rows AS MATERIALIZED (SELECT _segue_row FROM ONLY {walk['table']} AS _segue_row{where} FOR SHARE OF _segue_row)"
        return [*quiet, "SET LOCAL segue.copying = 'on'"] + [f"{rows} {copy}" for copy in walk["copies"]]
    if walk.get("mismatch"):
        both = " AND ".join(f"({one})" for one in (walk.get("where"), walk["mismatch"]) if one)
        return [f"SELECT count(*) FROM ONLY {table} WHERE {both}"]
    raise AssertionError(f"a walk of a kind that is not known here: {step}")


def _missing(step, relations, held):
    """(relation, mode) of the locks that are announced, and that nobody holds at the end in this strength."""
    held = {relations[oid]: mode for oid, mode in held.items() if oid in relations}
    for lock in step["locks"]:
        relation, mode = lock["relation"], lock["mode"]
        if relation not in held or strength(held[relation]) < strength(mode):
            yield relation, mode


def _unseen(step, relations, held):
    """Those of them for which one can see whether somebody who uses the relation makes the step wait."""
    for relation, mode in _missing(step, relations, held):
        if mode in _WAITED_FOR_BY and relation in relations.values() and not step["undo"]:
            yield relation, mode


def _run_in_transaction(session, watcher, statements, unseen=lambda held: ()):
    session.execute("BEGIN")
    try:
        for statement in statements:
            session.execute(statement)
        locks = held(watcher, session.pid)
        missing = list(unseen(locks))
        if not missing:
            return locks
        for relation, mode in missing:
            session.execute("ROLLBACK; BEGIN")
            stronger(locks, _awaited(session, watcher, statements, relation, mode))
        session.execute("ROLLBACK; BEGIN")
        for statement in statements:
            session.execute(statement)
        return locks
    finally:
        session.execute("COMMIT")


def _awaited(session, watcher, statements, relation, mode):
    """The locks that the statements wait for while somebody uses the relation in a way that a lock of this mode forbids."""
    locks = {}
    watcher.execute(f"BEGIN; LOCK TABLE ONLY {relation} IN {_WAITED_FOR_BY[mode]} MODE")
    try:
        for statement in statements:
            session.send(statement)
            _until(lambda: watcher.value(_WAITS, session.pid) != "0" or not session.busy(), statement)
            if session.busy():
                for oid, awaited in watcher.rows(_AWAITED, session.pid):
                    stronger(locks, {oid: PG_MODES[awaited]})
                watcher.execute("COMMIT")
            session.finish()
    finally:
        watcher.execute("COMMIT")
    return locks


def _run_alone(session, watcher, statement, step):
    if statement.startswith("VACUUM"):
        return _run_vacuum(session, watcher, statement, step)
    if "CONCURRENTLY" not in statement:
        return _run_in_transaction(session, watcher, [statement])
    tables = [lock["relation"] for lock in step["locks"]]
    watcher.execute("BEGIN; LOCK TABLE " + ", ".join(tables) + " IN ROW EXCLUSIVE MODE")
    session.send(statement)
    try:
        _until(lambda: watcher.value(_WAITS, session.pid) != "0" or not session.busy(), statement)
        return held(watcher, session.pid)
    finally:
        watcher.execute("COMMIT")
        session.finish()


def _run_vacuum(session, watcher, statement, step):
    """It holds its lock for as long as it works, so it is made to wait for it; by itself it would skip a table that is locked."""
    if not step["locks"]:  # of a table that nobody uses yet
        session.execute(statement)
        return {}
    tables = ", ".join(lock["relation"] for lock in step["locks"])
    watcher.execute(f"BEGIN; LOCK TABLE ONLY {tables} IN SHARE UPDATE EXCLUSIVE MODE")
    session.send(statement.replace("SKIP_LOCKED, ", ""))
    try:
        _until(lambda: watcher.value(_WAITS, session.pid) != "0" or not session.busy(), statement)
        return {oid: PG_MODES[mode] for oid, mode in watcher.rows(_AWAITED, session.pid)}
    finally:
        watcher.execute("COMMIT")
        session.finish()


def held(watcher, pid):
    locks = {}
    for oid, mode in watcher.rows(_HELD, pid):
        stronger(locks, {oid: PG_MODES[mode]})
    return locks


def stronger(locks, others):
    for relation, mode in others.items():
        if relation not in locks or strength(mode) > strength(locks[relation]):
            locks[relation] = mode


def _until(condition, what):
    deadline = time.monotonic() + _WAIT_SECONDS
    while not condition():
        require(time.monotonic() < deadline, f"neither waited nor ended: {what}")
        time.sleep(0.002)
