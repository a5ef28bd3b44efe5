"""A wire to a server that passes everything on, and stops where it is told: so that what a server sends in two breaths can be heard in two, at any place."""

import contextlib
import os
import select
import shutil
import socket
import struct
import tempfile
import threading

from . import server as servers
from .traffic import wait_until

_BYTES = 1 << 16


class CutWire:
    """Listens on a socket in a folder of its own. Ends with the with block."""

    def __init__(self, server):
        self._target = os.path.join(server.folder, f".s.PGSQL.{server.port}")
        self._folder = tempfile.mkdtemp(prefix="wire-", dir=server.folder)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(os.path.join(self._folder, f".s.PGSQL.{servers.PORT}"))
        self._listening.listen(64)
        self._cut = None
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._cut:
            self._cut.go()
        for one in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database):
        return f"postgresql://{servers.SUPERUSER}@/{database}?host={self._folder}&port={servers.PORT}"

    def stop(self, having, behind=False):
        """The next message of the server's with those bytes in it is the first that is not passed on, or the last that is."""
        self._cut = _Cut(having, behind)
        return self._cut

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._target)
                self._open += [near, far]
                for act in (self._to_server, self._to_client):
                    threading.Thread(target=act, args=(near, far), daemon=True).start()

    @staticmethod
    def _to_server(near, far):
        with contextlib.suppress(OSError):
            while data := near.recv(_BYTES):
                far.sendall(data)
            far.shutdown(socket.SHUT_WR)

    def _to_client(self, near, far):
        with contextlib.suppress(OSError):
            have = b""
            while data := far.recv(_BYTES):
                # A wire is cut once: what comes later is passed on as it is.
                have = self._pass_on(near, far, have + data) if have is not None else near.sendall(data)
            near.sendall(have or b"")
            near.shutdown(socket.SHUT_WR)

    def _pass_on(self, near, far, have):
        """What is left: a message of which the end has not come. None: it was cut."""
        at = 0
        while len(have) - at >= 5 and len(have) - at > struct.unpack_from("!I", have, at + 1)[0]:
            end = at + 1 + struct.unpack_from("!I", have, at + 1)[0]
            if self._cut and self._cut.is_here(have[at:end]):
                at = end if self._cut.behind else at
                near.sendall(have[:at])
                self._cut.wait(near, far, have[at:])
                return None
            at = end
        near.sendall(have[:at])
        return have[at:]


class _Cut:
    """The place where it stops."""

    def __init__(self, having, behind):
        self._having, self.behind = having, behind
        self._reached, self._goes = threading.Event(), threading.Event()
        self._wanted = None
        self._lost = False

    def is_here(self, message):
        return not self._reached.is_set() and self._having in message

    def reached(self):
        wait_until(self._reached.is_set, "the wire stops where it was told")
        return self

    def pass_part(self, n, behind=b""):
        """Passes on in one go what there is up to n bytes behind those, once they have come, and stops again."""
        self._wanted = n, behind
        wait_until(lambda: self._wanted is None, f"{n} bytes behind {behind}")

    def hang_up(self):
        """Nothing more comes."""
        self._lost = True
        self.go()

    def go(self):
        self._goes.set()

    def wait(self, near, far, have):
        self._reached.set()
        while not self._goes.wait(0.01):
            if select.select([far], [], [], 0)[0] and (data := far.recv(_BYTES)):
                have += data
            have = self._part(near, have)
        if self._lost:
            near.shutdown(socket.SHUT_RDWR)
        else:
            near.sendall(have)

    def _part(self, near, have):
        if not self._wanted or self._wanted[1] not in have:
            return have
        n, behind = self._wanted
        end = have.index(behind) + len(behind) + n
        if len(have) < end:
            return have
        near.sendall(have[:end])
        self._wanted = None
        return have[end:]
