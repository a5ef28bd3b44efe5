"""A small libpq client through ctypes: the standard library has none, and a test
that holds prepared statements open needs a session of its own, not a psql per query.

Values travel as text, as psql would print them; NULL is None.
"""

import ctypes
import ctypes.util

_lib = ctypes.CDLL(ctypes.util.find_library("pq") or "libpq.so.5")

_CSTR = ctypes.c_char_p
for _name, _result, _arguments in [
    ("PQconnectdb", ctypes.c_void_p, [_CSTR]),
    ("PQstatus", ctypes.c_int, [ctypes.c_void_p]),
    ("PQerrorMessage", _CSTR, [ctypes.c_void_p]),
    ("PQfinish", None, [ctypes.c_void_p]),
    ("PQbackendPID", ctypes.c_int, [ctypes.c_void_p]),
    ("PQserverVersion", ctypes.c_int, [ctypes.c_void_p]),
    ("PQsslInUse", ctypes.c_int, [ctypes.c_void_p]),
    ("PQexec", ctypes.c_void_p, [ctypes.c_void_p, _CSTR]),
    ("PQsendQuery", ctypes.c_int, [ctypes.c_void_p, _CSTR]),
    ("PQgetResult", ctypes.c_void_p, [ctypes.c_void_p]),
    ("PQconsumeInput", ctypes.c_int, [ctypes.c_void_p]),
    ("PQisBusy", ctypes.c_int, [ctypes.c_void_p]),
    ("PQputCopyData", ctypes.c_int, [ctypes.c_void_p, _CSTR, ctypes.c_int]),
    ("PQputCopyEnd", ctypes.c_int, [ctypes.c_void_p, _CSTR]),
    ("PQprepare", ctypes.c_void_p,
     [ctypes.c_void_p, _CSTR, _CSTR, ctypes.c_int, ctypes.c_void_p]),
    ("PQexecPrepared", ctypes.c_void_p,
     [ctypes.c_void_p, _CSTR, ctypes.c_int, ctypes.POINTER(_CSTR), ctypes.c_void_p,
      ctypes.c_void_p, ctypes.c_int]),
    ("PQexecParams", ctypes.c_void_p,
     [ctypes.c_void_p, _CSTR, ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_CSTR),
      ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]),
    ("PQresultStatus", ctypes.c_int, [ctypes.c_void_p]),
    ("PQresultErrorField", _CSTR, [ctypes.c_void_p, ctypes.c_int]),
    ("PQresultErrorMessage", _CSTR, [ctypes.c_void_p]),
    ("PQclear", None, [ctypes.c_void_p]),
    ("PQntuples", ctypes.c_int, [ctypes.c_void_p]),
    ("PQnfields", ctypes.c_int, [ctypes.c_void_p]),
    ("PQfname", _CSTR, [ctypes.c_void_p, ctypes.c_int]),
    ("PQgetvalue", _CSTR, [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]),
    ("PQgetisnull", ctypes.c_int, [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]),
    ("PQcmdTuples", _CSTR, [ctypes.c_void_p]),
    ("PQgetCancel", ctypes.c_void_p, [ctypes.c_void_p]),
    ("PQcancel", ctypes.c_int, [ctypes.c_void_p, _CSTR, ctypes.c_int]),
    ("PQfreeCancel", None, [ctypes.c_void_p]),
    ("PQnotifies", ctypes.c_void_p, [ctypes.c_void_p]),
    ("PQfreemem", None, [ctypes.c_void_p]),
    ("PQenterPipelineMode", ctypes.c_int, [ctypes.c_void_p]),
    ("PQexitPipelineMode", ctypes.c_int, [ctypes.c_void_p]),
    ("PQpipelineSync", ctypes.c_int, [ctypes.c_void_p]),
    ("PQsendQueryParams", ctypes.c_int,
     [ctypes.c_void_p, _CSTR, ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_CSTR),
      ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]),
    ("PQsetNoticeProcessor", ctypes.c_void_p,
     [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]),
]:
    _function = getattr(_lib, _name)
    _function.restype = _result
    _function.argtypes = _arguments

_EMPTY, _COMMAND_OK, _TUPLES_OK, _COPY_IN = 0, 1, 2, 4
_PIPELINE_SYNC, _PIPELINE_ABORTED = 10, 11
_SQLSTATE, _PRIMARY = ord("C"), ord("M")
_NOTICE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, _CSTR)


class _Notification(ctypes.Structure):
    """The beginning of libpq's PGnotify."""

    _fields_ = [("channel", _CSTR), ("pid", ctypes.c_int), ("payload", _CSTR)]


@_NOTICE
def _ignore_notice(_context, _message):
    """Notices of the server are no result of a test."""


class DatabaseError(Exception):
    """What the server (or libpq) said; sqlstate is None when the connection broke."""

    def __init__(self, sqlstate, message):
        super().__init__(f"{sqlstate}: {message}" if sqlstate else message)
        self.sqlstate = sqlstate
        self.message = message


class Connection:
    """One session. Close it, or use it in a with block."""

    def __init__(self, conninfo):
        self._handle = _lib.PQconnectdb(conninfo.encode())
        if _lib.PQstatus(self._handle) != 0:
            message = _lib.PQerrorMessage(self._handle).decode(errors="replace").strip()
            _lib.PQfinish(self._handle)
            self._handle = None
            raise DatabaseError(None, message)
        _lib.PQsetNoticeProcessor(self._handle, ctypes.cast(_ignore_notice, ctypes.c_void_p), None)
        self.pid = _lib.PQbackendPID(self._handle)
        self.version = _lib.PQserverVersion(self._handle)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._handle:
            _lib.PQfinish(self._handle)
            self._handle = None

    def encrypted(self):
        return bool(_lib.PQsslInUse(self._handle))

    def rows(self, sql, *parameters):
        """The rows of one statement, as tuples of text."""
        return self._take(self._run(sql, parameters))[0]

    def dicts(self, sql, *parameters):
        """The rows of one statement, as dictionaries by column name."""
        rows, names = self._take(self._run(sql, parameters))
        return [dict(zip(names, row)) for row in rows]

    def value(self, sql, *parameters):
        """The first column of the first row; None when there is no row."""
        rows = self.rows(sql, *parameters)
        return rows[0][0] if rows else None

    def column(self, sql, *parameters):
        return [row[0] for row in self.rows(sql, *parameters)]

    def execute(self, sql):
        """One or several statements, results thrown away."""
        self._take(_lib.PQexec(self._handle, sql.encode()))

    def prepare(self, name, sql):
        self._take(_lib.PQprepare(self._handle, name.encode(), sql.encode(), 0, None))

    def run_prepared(self, name, *parameters):
        return self._take(_lib.PQexecPrepared(
            self._handle, name.encode(), len(parameters), _text_array(parameters), None, None, 0))[0]

    def copy_in(self, sql, lines):
        """Sends lines of COPY text format."""
        self.execute_copy_start(sql)
        data = "".join(line + "\n" for line in lines).encode()
        _lib.PQputCopyData(self._handle, data, len(data))
        _lib.PQputCopyEnd(self._handle, None)
        self._drain()

    def execute_copy_start(self, sql):
        result = _lib.PQexec(self._handle, sql.encode())
        if _lib.PQresultStatus(result) != _COPY_IN:
            self._take(result)
        _lib.PQclear(result)

    def send(self, sql):
        """Starts a statement and returns at once; finish() waits for it."""
        _lib.PQsendQuery(self._handle, sql.encode())

    def busy(self):
        _lib.PQconsumeInput(self._handle)
        return bool(_lib.PQisBusy(self._handle))

    def finish(self):
        self._drain()

    def cancel(self):
        """Asks the server to cancel what it does for this session; returns when the other end has taken it."""
        handle = _lib.PQgetCancel(self._handle)
        said = ctypes.create_string_buffer(256)
        taken = _lib.PQcancel(handle, said, len(said))
        _lib.PQfreeCancel(handle)
        if not taken:
            raise DatabaseError(None, said.value.decode(errors="replace").strip())

    def notifications(self):
        """[(channel, payload)] of those that have come by now."""
        _lib.PQconsumeInput(self._handle)
        found = []
        while handle := _lib.PQnotifies(self._handle):
            notification = _Notification.from_address(handle)
            found.append((notification.channel.decode(), notification.payload.decode()))
            _lib.PQfreemem(handle)
        return found

    def pipeline(self, *batches):
        """Batches of (sql, parameters), each ended by a Sync and all sent before the first answer is read; a list of what each
        statement gave: its rows, an SQLSTATE, or "aborted" after an error in its batch."""
        _lib.PQenterPipelineMode(self._handle)
        for batch in batches:
            for sql, parameters in batch:
                _lib.PQsendQueryParams(self._handle, sql.encode(), len(parameters), None, _text_array(parameters), None, None, 0)
            _lib.PQpipelineSync(self._handle)
        outcomes = [self._pipelined() for batch in batches for _ in (*batch, None)]
        _lib.PQexitPipelineMode(self._handle)
        return [outcome for outcome in outcomes if outcome != "sync"]

    def _pipelined(self):
        result = _lib.PQgetResult(self._handle)
        status = _lib.PQresultStatus(result)
        if status in (_PIPELINE_SYNC, _PIPELINE_ABORTED):
            _lib.PQclear(result)
            outcome = "sync" if status == _PIPELINE_SYNC else "aborted"
        else:
            try:
                outcome = self._take(result)[0]
            except DatabaseError as error:
                outcome = error.sqlstate
        if outcome != "sync":
            _lib.PQgetResult(self._handle)  # NULL: the end of this statement's
        return outcome

    def _drain(self):
        failure = None
        while True:
            result = _lib.PQgetResult(self._handle)
            if not result:
                break
            try:
                self._take(result)
            except DatabaseError as error:
                failure = error
        if failure:
            raise failure

    def _run(self, sql, parameters):
        if not parameters:
            return _lib.PQexec(self._handle, sql.encode())
        return _lib.PQexecParams(self._handle, sql.encode(), len(parameters), None,
                                 _text_array(parameters), None, None, 0)

    def _take(self, result):
        status = _lib.PQresultStatus(result)
        if status not in (_EMPTY, _COMMAND_OK, _TUPLES_OK):
            state = _lib.PQresultErrorField(result, _SQLSTATE)
            text = _lib.PQresultErrorField(result, _PRIMARY) or _lib.PQerrorMessage(self._handle)
            _lib.PQclear(result)
            raise DatabaseError(state.decode() if state else None,
                                (text or b"").decode(errors="replace").strip())
        columns = _lib.PQnfields(result)
        rows = [tuple(_cell(result, row, column) for column in range(columns))
                for row in range(_lib.PQntuples(result))]
        names = [_lib.PQfname(result, column).decode() for column in range(columns)]
        _lib.PQclear(result)
        return rows, names


def _cell(result, row, column):
    if _lib.PQgetisnull(result, row, column):
        return None
    return _lib.PQgetvalue(result, row, column).decode(errors="replace")


def _text_array(parameters):
    values = [None if value is None else str(value).encode() for value in parameters]
    return (_CSTR * len(values))(*values)


def quote_identifier(name):
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text):
    return "'" + text.replace("'", "''") + "'"
