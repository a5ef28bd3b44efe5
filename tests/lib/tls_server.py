"""A server that takes TLS, on a TCP port of this machine, with certificates of its own making."""

import contextlib
import os
import random
import shutil
import socket

from . import server as servers
from .certificates import Authority
from .traffic import wait_until

_RULES = """
host all keyed 127.0.0.1/32 scram-sha-256
host all hashed 127.0.0.1/32 md5
"""
_ROLES = """
SET password_encryption = 'scram-sha-256';
CREATE ROLE keyed LOGIN PASSWORD 'open sesame';
SET password_encryption = 'md5';
CREATE ROLE hashed LOGIN PASSWORD 'open sesame';
"""
PASSWORD = "open sesame"


def free_port():
    """Of those that the system gives to no connection on its way out: nothing but another server takes it before its own is there."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first = int(file.read().split()[0])
    while True:
        port = random.randrange(10000, max(first, 20000))
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


class TlsServer(servers.Server):
    """Its certificate is for localhost. `keyed` and `hashed` need a password over TCP."""

    def __init__(self, bin_dir, settings=None):
        super().__init__(bin_dir, dict(settings or {}, listen_addresses="127.0.0.1"), free_port())
        self.authority = Authority(self.folder, "authority")
        self.stranger = Authority(self.folder, "stranger")
        self.authority.sign("server", "DNS:localhost")
        with self.connect("postgres") as connection:
            connection.execute(_ROLES)
        rules = os.path.join(self.folder, "data", "pg_hba.conf")
        with open(rules) as file:
            rest = file.read()
        with open(rules, "w") as file:
            file.write(_RULES + rest)
        self.show("server")
        with self.connect("postgres") as connection:
            connection.execute("ALTER SYSTEM SET ssl = on")
        self.reload()
        wait_until(lambda: self._says("SHOW ssl") == "on", "the server takes TLS")

    def _says(self, question):
        with self.connect("postgres") as connection:
            return connection.value(question)

    def reload(self):
        with self.connect("postgres") as connection:
            connection.execute("SELECT pg_reload_conf()")

    def show(self, name):
        """Takes a certificate for its own."""
        for end in ("crt", "key"):
            path = os.path.join(self.folder, "data", f"server.{end}")
            shutil.copy(os.path.join(self.folder, f"{name}.{end}"), path)
            os.chmod(path, 0o600)
            if self.user:
                os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def tcp_url(self, database, more):
        """With TLS as `more` says: sslmode=…"""
        return f"postgresql://postgres@localhost:{self.port}/{database}?hostaddr=127.0.0.1&{more}"
