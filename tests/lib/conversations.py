"""What a client may say in one go, and that a gateway's answers are the server's own, byte by byte."""

import contextlib
import random
import struct
import threading

from . import frontend as fe
from .report import require

SCHEMA = """
CREATE TABLE talk (id integer PRIMARY KEY, word text);
INSERT INTO talk SELECT i, 'word ' || i FROM generate_series(1, 500) i;
CREATE TABLE inbox (id integer, word text);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no statement here'; END $$;
CREATE TABLE closed (id integer);
CREATE TRIGGER refuse BEFORE INSERT ON closed FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE FUNCTION grumble() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'well'; RETURN 1; END $$;
"""
_COPY_IN = "COPY inbox FROM STDIN"
_LINES = fe.copy_data(b"1\tone\n2\ttwo\n") + fe.copy_data(b"3\t") + fe.copy_data(b"three\n")


def _extended(sql, *values, most=0):
    return fe.parse(sql) + fe.bind(*values) + fe.describe() + fe.execute(most=most)


_SELECT = "SELECT id, word FROM talk ORDER BY id"
_LENGTH_OF_TEXT = 1317  # pg_proc.oid of length(text), for a function call


def _function_call(oid, argument):
    return fe.message("F", struct.pack("!IHHH", oid, 1, 0, 1) + struct.pack("!I", len(argument)) + argument + struct.pack("!H", 0))


# Each is sent as a whole behind the startup packet, a good-bye behind it, so that what comes back ends.
CONVERSATIONS = {
    "nothing": b"",
    "simple queries": b"".join(fe.query(sql) for sql in (_SELECT, "", ";", "SELECT 1; SELECT 2; SELECT nothing", "SELECT 3")),
    "a transaction that fails": b"".join(fe.query(sql) for sql in ("BEGIN", "SELECT 1/0", "SELECT 1", "ROLLBACK", "SELECT 2")),
    "notices and settings": fe.query("SET client_min_messages = debug1; SELECT grumble(); SET application_name = 'other';"
                                     " SET datestyle = german; SET client_encoding = latin1; SELECT now() IS NULL"),
    "extended": _extended(_SELECT) + fe.SYNC + _extended("SELECT $1::text", "x") + _extended("SELECT $1::int", None) + fe.SYNC,
    "extended with Flush": fe.parse(_SELECT, "named") + fe.FLUSH + fe.describe("S", "named") + fe.FLUSH + fe.bind(name="named")
                           + fe.execute(most=7) + fe.FLUSH + fe.execute(most=7) + fe.execute() + fe.FLUSH + fe.SYNC,
    "portals left half read": fe.query("BEGIN") + fe.parse(_SELECT, "s") + fe.bind(portal="a", name="s") + fe.bind(portal="b", name="s")
                              + fe.execute("a", 3) + fe.execute("b", 5) + fe.execute("a", 3) + fe.SYNC + fe.query("COMMIT"),
    "errors in a pipeline": _extended("SELECT 1") + _extended("SELECT nothing") + _extended("SELECT 3") + fe.SYNC
                            + _extended("SELECT 4") + fe.SYNC + fe.SYNC + fe.SYNC,
    "a Query among what is skipped": _extended("SELECT nothing") + fe.query("SELECT 1") + fe.SYNC + fe.query("SELECT 2"),
    "closed and bad names": fe.parse("SELECT 1", "s") + fe.message("C", b"Ss\0") + fe.bind(name="s") + fe.SYNC
                            + fe.message("C", b"Pnone\0") + fe.SYNC,
    "function calls": _function_call(_LENGTH_OF_TEXT, b"seven77") + _function_call(1, b"") + _function_call(_LENGTH_OF_TEXT, b""),
    "COPY in": fe.query(_COPY_IN) + _LINES + fe.COPY_DONE + fe.query("SELECT count(*) FROM inbox"),
    "COPY in that the client ends": fe.query(_COPY_IN) + _LINES + fe.copy_fail("enough") + fe.query("SELECT 1"),
    "COPY in of bad rows": fe.query(_COPY_IN) + fe.copy_data(b"x\ty\n") + _LINES + fe.COPY_DONE + fe.query("SELECT 1"),
    "COPY in, extended, a Sync with it": _extended(_COPY_IN) + fe.SYNC + _LINES + fe.COPY_DONE + fe.SYNC + _extended("SELECT 1") + fe.SYNC,
    "COPY in, extended, one Sync": _extended(_COPY_IN) + _LINES + fe.COPY_DONE + fe.SYNC + _extended("SELECT 1") + fe.SYNC,
    "COPY in, extended, Flush": _extended(_COPY_IN) + fe.FLUSH + _LINES + fe.COPY_DONE + fe.SYNC + fe.query("SELECT 1"),
    "COPY in, extended, many Syncs": _extended(_COPY_IN) + fe.SYNC * 3 + _LINES + fe.COPY_DONE + fe.SYNC * 2 + fe.query("SELECT 1"),
    "COPY in, extended, refused by a trigger": _extended("COPY closed FROM STDIN") + fe.SYNC + fe.copy_data(b"1\n") + fe.COPY_DONE
                                               + fe.SYNC + fe.query("SELECT 1"),
    "COPY in, extended, bad rows": _extended(_COPY_IN) + fe.SYNC + fe.copy_data(b"x\ty\n") + fe.COPY_DONE + fe.SYNC + fe.query("SELECT 1"),
    "COPY in among queries": fe.query(f"SELECT 1; {_COPY_IN}; SELECT 2") + _LINES + fe.COPY_DONE + fe.query("SELECT 3"),
    "COPY data that nobody wants": fe.query("SELECT 1") + _LINES + fe.COPY_DONE + fe.query("SELECT 2"),
    "COPY out": fe.query("COPY talk TO STDOUT") + _extended("COPY talk TO STDOUT (FORMAT binary)") + fe.SYNC,
    "wide rows": fe.query("SELECT repeat('x', 3000000), i FROM generate_series(1, 3) i") + _extended("SELECT length($1)", "y" * 2000000)
                 + fe.SYNC,
    "many columns": fe.query("SELECT " + ", ".join(str(i) for i in range(1600))),
    "notifications to oneself": fe.query("LISTEN a; LISTEN b") + fe.query("SELECT count(pg_notify('a', i::text)) FROM generate_series(1, 50) i")
                                + fe.query("NOTIFY b") + fe.query("UNLISTEN *"),
    "an unknown message": fe.query("SELECT 1") + fe.message("!", b"what") + fe.query("SELECT 2"),
}
# How a client may begin: (version of the protocol, further parameters).
BEGINNINGS = {
    "3.0": (fe.VERSION_3_0, {}),
    "3.2": (fe.VERSION_3_2, {}),
    "a minor version that nobody knows": ((3 << 16) + 9999, {}),
    "an option of the protocol that nobody knows": (fe.VERSION_3_0, {"_pq_.new_thing": "1"}),
    "parameters of the session": (fe.VERSION_3_0, {"application_name": "talker", "options": "-c search_path=nowhere,public -c work_mem=5MB",
                                                   "datestyle": "german", "client_encoding": "UTF8"}),
    "a setting that there is not": (fe.VERSION_3_0, {"no_such_setting": "1"}),
    "a database that there is not": (fe.VERSION_3_0, {"database": "nowhere"}),
    "a role that there is not": (fe.VERSION_3_0, {"user": "nobody_at_all"}),
}


def _without_chance(kind, body):
    """A message as it would come from another backend: a key is of its length alone, NOTIFY without the process."""
    if kind == "K":
        return kind, len(body)
    if kind == "A":
        return kind, body[4:]
    if kind == "E":  # ours or the server's, where a connection ends
        fields = fe.error_of(body)
        return kind, tuple(fields.get(name) for name in "SCM")
    return kind, body


def answers(address, data, cuts=()):
    """All messages that come back, up to the end of the connection; data goes in the pieces that are cut out."""
    def say():
        begin = 0
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough
            for cut in (*cuts, len(data)):
                client.send(data[begin:cut])
                begin = cut
    with fe.Frontend(address) as client:
        thread = threading.Thread(target=say)  # what comes back is read meanwhile
        thread.start()
        try:
            return [_without_chance(*one) for one in fe.messages_of(client.rest())]
        finally:
            thread.join()


def _compare(what, expected, found):
    for number, (one, other) in enumerate(zip(expected, found)):
        require(one == other, f"{what}: message {number} is {str(other)[:300]} and not {str(one)[:300]}")
    require(len(expected) == len(found), f"{what}: {len(found)} messages, not {len(expected)}; the last is {str(found[-1:])[:300]}")


def require_same(direct, through, database, fresh, seed=1):
    """All conversations, each as a whole and in pieces cut at random. direct, through: addresses. fresh() undoes what was done."""
    chance = random.Random(seed)
    for name, said in CONVERSATIONS.items():
        data = fe.startup(database=database) + said + fe.TERMINATE
        fresh()
        expected = answers(direct, data)
        for way in range(3):
            cuts = sorted(chance.randrange(len(data)) for _ in range((0, 5, 60)[way]))
            fresh()
            _compare(f"{name}, cut at {cuts}", expected, answers(through, data, cuts))


def require_same_beginnings(direct, through, database):
    for name, (version, parameters) in BEGINNINGS.items():
        data = fe.startup(**dict({"database": database}, **parameters), version=version) + fe.query("SHOW search_path") + fe.TERMINATE
        _compare(name, answers(direct, data), answers(through, data))
