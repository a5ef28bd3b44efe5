"""A network between the program and a server: what the program sends arrives late."""

import contextlib
import os
import socket
import tempfile
import threading
import time

from .server import PORT

_BYTES = 1 << 16


class Network:
    """A socket in a folder of its own. Each message to the server takes so many seconds; its answers come at once, so that
    this is the time of a round trip. Ends with the with block."""

    def __init__(self, server, seconds):
        self.folder = tempfile.mkdtemp(prefix="network-", dir=server.folder)
        self._seconds = seconds
        self._far_end = os.path.join(server.folder, f".s.PGSQL.{PORT}")
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(os.path.join(self.folder, f".s.PGSQL.{PORT}"))
        self._listening.listen()
        self._sockets = []

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        for one in [self._listening, *self._sockets]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                far = socket.socket(socket.AF_UNIX)
                self._sockets += [client, far]
                far.connect(self._far_end)
                threading.Thread(target=_carry, args=(client, far, self._seconds), daemon=True).start()
                threading.Thread(target=_carry, args=(far, client, 0), daemon=True).start()


def _carry(source, target, seconds):
    with contextlib.suppress(OSError):
        while True:
            data = source.recv(_BYTES)
            if not data:
                break
            time.sleep(seconds)
            target.sendall(data)
        target.shutdown(socket.SHUT_RDWR)
