"""A network of its own for a program: a network namespace at the other end of a pair of virtual interfaces, which can be unplugged.

What is sent while it is unplugged is lost, as on a real network: neither end is told.
"""

import os
import shutil
import socket
import subprocess


def can_be_made():
    """Needs the rights, and the program."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return False
    name = f"sgtry{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], stderr=subprocess.DEVNULL, check=False).returncode == 0
    if made:
        _ip("netns", "del", name)
    return made


class Wire:
    """Ends with the with block. `listening` is a socket at the near end; `prefix` runs a command at the far end."""

    def __init__(self):
        self._name, self._near = None, None
        for number in range(os.getpid() % 250, 1000):
            self._address = f"10.213.{number % 250}.1"
            if self._make(f"sg{os.getpid()}n", f"10.213.{number % 250}"):
                break
        self.prefix = ("ip", "netns", "exec", self._name)
        self.listening = socket.socket()
        self.listening.bind((self._address, 0))
        self.host, self.port = self.listening.getsockname()

    def _make(self, name, net):
        taken = subprocess.run(["ip", "-4", "-o", "addr"], stdout=subprocess.PIPE, text=True, check=True).stdout
        if f" {net}." in taken:
            return False
        near, far = name + "0", name + "1"
        _ip("netns", "add", name)
        self._name, self._near = name, near
        _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
        _ip("addr", "add", f"{net}.1/30", "dev", near)
        _ip("link", "set", near, "up")
        _ip("-n", name, "addr", "add", f"{net}.2/30", "dev", far)
        _ip("-n", name, "link", "set", far, "up")
        return True

    def unplug(self):
        _ip("link", "set", self._near, "down")

    def plug_in(self):
        _ip("link", "set", self._near, "up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        _ip("link", "del", self._near)
        _ip("netns", "del", self._name)


def _ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, stdout=subprocess.DEVNULL)
