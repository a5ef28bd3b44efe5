"""A network between the program and a server: what the program sends arrives late, or as a class that inherits says."""

import contextlib
import os
import socket
import tempfile
import threading
import time

from .server import PORT

_BYTES = 1 << 16


class Link:
    """One connection through the network."""

    def __init__(self, near, far):
        self.near, self.far = near, far
        self._lock, self._carried = threading.Lock(), 2

    def cut(self):
        """Either end sees that the other has hung up."""
        for one in (self.near, self.far):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def leave(self):
        """One direction has ended; the last one closes. Whether it was that."""
        with self._lock:
            self._carried -= 1
            last = self._carried == 0
        if last:
            self.near.close()
            self.far.close()
        return last


class Network:
    """A socket in a folder of its own. Each message to the server takes so many seconds; its answers come at once, so that
    this is the time of a round trip. Ends with the with block."""

    def __init__(self, server, seconds, listening=None):
        """listening: a socket to be used in place of that in the folder."""
        self.folder = tempfile.mkdtemp(prefix="network-", dir=server.folder)
        self.links = []
        self._seconds = seconds
        self._far_end = os.path.join(server.folder, f".s.PGSQL.{PORT}")
        self._listening = listening or socket.socket(socket.AF_UNIX)
        if not listening:
            self._listening.bind(os.path.join(self.folder, f".s.PGSQL.{PORT}"))
        self._listening.listen(64)

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for link in list(self.links):
            link.cut()

    def to_server(self, link, data):
        """A message has come from the program: forwards it."""
        time.sleep(self._seconds)
        link.far.sendall(data)

    def to_program(self, link, data):
        """A message has come from the server: forwards it."""
        link.near.sendall(data)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.socket(socket.AF_UNIX)
                try:
                    far.connect(self._far_end)
                except OSError:  # no server is there
                    near.close()
                    far.close()
                    continue
                link = Link(near, far)
                self.links.append(link)
                threading.Thread(target=self._carry, args=(link, near, self.to_server), daemon=True).start()
                threading.Thread(target=self._carry, args=(link, far, self.to_program), daemon=True).start()

    def _carry(self, link, source, forward):
        with contextlib.suppress(OSError):
            while True:
                data = source.recv(_BYTES)
                if not data:
                    break
                forward(link, data)
        link.cut()
        if link.leave():
            self.links.remove(link)
