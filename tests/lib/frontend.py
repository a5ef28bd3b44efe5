"""A client of PostgreSQL's protocol that says exactly what it is told, byte by byte."""

import contextlib
import socket
import struct

VERSION_3_0, VERSION_3_2 = 3 << 16, (3 << 16) + 2
CANCEL, SSL, GSS = (1234 << 16) + 5678, (1234 << 16) + 5679, (1234 << 16) + 5680
_BYTES = 1 << 18


def packet(code, body=b""):
    """One that begins a connection."""
    return struct.pack("!II", len(body) + 8, code) + body


def startup(user="postgres", database="postgres", version=VERSION_3_0, **parameters):
    pairs = dict(user=user, database=database, **parameters)
    return packet(version, b"".join(f"{name}\0{value}\0".encode() for name, value in pairs.items()) + b"\0")


def message(kind, body=b""):
    return kind.encode() + struct.pack("!I", len(body) + 4) + body


def string(text):
    return text.encode() + b"\0"


def query(sql):
    return message("Q", string(sql))


def parse(sql, name=""):
    return message("P", string(name) + string(sql) + struct.pack("!H", 0))


def bind(*values, portal="", name=""):
    """Parameters and results as text."""
    cells = b"".join(struct.pack("!i", -1) if value is None else struct.pack("!i", len(str(value).encode())) + str(value).encode()
                     for value in values)
    return message("B", string(portal) + string(name) + struct.pack("!HH", 0, len(values)) + cells + struct.pack("!H", 0))


def execute(portal="", most=0):
    return message("E", string(portal) + struct.pack("!I", most))


def describe(kind="P", name=""):
    return message("D", kind.encode() + string(name))


SYNC, FLUSH, TERMINATE, COPY_DONE = message("S"), message("H"), message("X"), message("c")


def copy_data(data):
    return message("d", data)


def copy_fail(why):
    return message("f", string(why))


def error_of(body):
    """The fields of an ErrorResponse, by their letter."""
    return {field[:1].decode(): field[1:].decode(errors="replace") for field in body.split(b"\0") if field}


class Frontend:
    """A connection; ends with the with block. address: (host, port), or the path of a socket."""

    def __init__(self, address, patience=30):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(patience)
        self.socket.connect(address)
        self._have = b""
        self.key = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *parts):
        self.socket.sendall(b"".join(parts))

    def begin(self, *arguments, **parameters):
        """Says who it is and waits until it may ask."""
        self.send(startup(*arguments, **parameters))
        answers = self.until("Z")
        self.key = next(body for kind, body in answers if kind == "K")
        return answers

    def read(self):
        """(type, body) of the next message; None when the other end is gone."""
        if not self._fill(5):
            return None
        length = struct.unpack("!I", self._have[1:5])[0]
        if not self._fill(length + 1):
            return None
        kind, body = self._have[:1].decode("latin1"), self._have[5:length + 1]
        self._have = self._have[length + 1:]
        return kind, body

    def until(self, kind):
        """Messages up to the first of that type, which is the last of them, or up to the end of the connection."""
        answers = []
        while not answers or answers[-1][0] != kind:
            answer = self.read()
            if answer is None:
                break
            answers.append(answer)
        return answers

    def ask(self, sql):
        self.send(query(sql))
        return self.until("Z")

    def rest(self):
        """Everything that comes up to the end of the connection."""
        parts = [self._have]
        with contextlib.suppress(ConnectionResetError):
            while parts[-1] or len(parts) == 1:
                parts.append(self.socket.recv(_BYTES))
        return b"".join(parts)

    def _fill(self, n):
        while len(self._have) < n:
            try:
                data = self.socket.recv(_BYTES)
            except ConnectionResetError:
                return False
            if not data:
                return False
            self._have += data
        return True


def messages_of(data):
    """[(type, body)] of a stream that is whole."""
    found, at = [], 0
    while at < len(data):
        length = struct.unpack("!I", data[at + 1:at + 5])[0]
        found.append((data[at:at + 1].decode("latin1"), data[at + 5:at + 1 + length]))
        at += 1 + length
    return found
