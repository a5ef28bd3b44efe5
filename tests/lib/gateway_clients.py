"""Clients of PostgreSQL that nobody here wrote: fetched by their package managers into a cache folder, each with programs in
tests/gateway/NAME: `client`, where there is one, does a job of work, through the gateway and beside it; `steady` works until its standard input ends."""

import hashlib
import os
import shutil
import subprocess
import sys

from .report import Failure, require
from .scenario import TESTS
from .server import DEBIAN_BIN, PORT

FOLDER = os.path.join(TESTS, "gateway")
_SHARED = "_shared"  # what programs of the same language have in common; beside them, here as in the cache
_JDBC = "/usr/share/java/postgresql.jar"
_FETCH_SECONDS, _WORK_SECONDS = 900, 300


class Unavailable(Exception):
    """It cannot be had on this machine; the message says why."""


def names():
    return sorted(name for name in os.listdir(FOLDER) if os.path.isdir(os.path.join(FOLDER, name)) and not name.startswith("_"))


def cache():
    """The folder for what is fetched and what is made of it."""
    root = os.environ.get("XDG_CACHE_HOME")
    if not root:
        root = "/var/cache" if os.geteuid() == 0 else os.path.expanduser("~/.cache")
    return os.path.join(root, "segue", "clients")


def _files_below(folder):
    return sorted(os.path.relpath(os.path.join(below, file), folder) for below, _, files in os.walk(folder) for file in files
                  if not file.endswith(".pyc"))


class Client:
    """One of them. Its folder in the cache is a copy of its folder here, with what it needs."""

    def __init__(self, name):
        self.name = name
        self._source = os.path.join(FOLDER, name)
        self._home = os.path.join(cache(), name)
        self._files = set(_files_below(self._source))
        self._lib = os.path.join(self._home, "lib")

    def _digest(self):
        found = hashlib.sha256()
        for folder in (self._source, os.path.join(FOLDER, _SHARED)):
            for name in _files_below(folder):
                with open(os.path.join(folder, name), "rb") as file:
                    found.update(name.encode() + b"\0" + file.read())
        return found.hexdigest()

    def _marker(self):
        return os.path.join(self._home, "made-of")

    def is_there(self):
        try:
            with open(self._marker()) as file:
                return file.read() == self._digest()
        except OSError:
            return False

    def fetch(self):
        """Makes it ready, unless it is."""
        if self.is_there():
            return
        for program in self._needs():
            if not shutil.which(program):
                raise Unavailable(f"{program} is not there")
        if self.name == "jdbc" and not os.path.exists(_JDBC):
            raise Unavailable("libpostgresql-jdbc-java is not there")
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.copytree(self._source, self._home)
        shutil.copytree(os.path.join(FOLDER, _SHARED), os.path.join(cache(), _SHARED), dirs_exist_ok=True)
        for command in self._makes():
            try:
                done = subprocess.run(command, cwd=self._home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                      timeout=_FETCH_SECONDS, check=False)
            except subprocess.TimeoutExpired:
                raise Unavailable(f"{' '.join(command)}: took longer than {_FETCH_SECONDS} s") from None
            if done.returncode:
                raise Unavailable(f"{' '.join(command)}: {done.stdout.decode(errors='replace')[-1500:]}")
        with open(self._marker(), "w") as file:
            file.write(self._digest())

    def _needs(self):
        by_file = {"package.json": ("node", "npm"), "go.mod": ("go",), "Cargo.toml": ("cargo",), "Client.java": ("java", "javac")}
        return [program for file, programs in by_file.items() if file in self._files for program in programs]

    def _makes(self):
        if "package.json" in self._files:
            yield ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        if "schema.prisma" in self._files:
            # It would fetch an engine for changes of schemas from a server of Prisma's own; to generate, it does not run it.
            yield ["env", "PRISMA_SCHEMA_ENGINE_BINARY=/bin/true", "node_modules/.bin/prisma", "generate", "--schema", "schema.prisma"]
        if "requirements.txt" in self._files:
            yield [sys.executable, "-m", "pip", "install", "-q", "--target", self._lib, "-r", "requirements.txt"]
        if "go.mod" in self._files:
            yield ["go", "build", "-o", "client", "."]
            yield ["go", "build", "-o", "steady", "./of_steady"]
        if "Cargo.toml" in self._files:
            yield ["cargo", "build", "-q"]
        if "Client.java" in self._files:
            yield ["javac", "-cp", _JDBC, "Client.java", "Steady.java"]

    def _command(self, program):
        name = program.capitalize()
        by_file = {f"{program}.js": ["node", f"{program}.js"], f"{program}.mjs": ["node", f"{program}.mjs"],
                   f"{program}.py": [sys.executable, f"{program}.py"], "go.mod": [f"./{program}"], "Cargo.toml": [f"target/debug/{program}"],
                   f"{name}.java": ["java", "-cp", _JDBC + ":.", name]}
        return next(command for file, command in by_file.items() if file in self._files)

    @property
    def lib(self):
        """Where its packages are, for Python."""
        return os.pathsep.join((self._lib, os.path.join(cache(), _SHARED)))

    def _environment(self, host, port, database):
        programs = os.pathsep.join((os.environ["PATH"], DEBIAN_BIN))
        return dict(os.environ, PATH=programs, PGHOST=host, PGPORT=str(port), PGDATABASE=database, PGUSER="postgres", PYTHONPATH=self.lib, NO_COLOR="1")

    def has_job(self):
        """Whether it has the one program as well as the other."""
        return any(name.lower().startswith("client.") or name in ("go.mod", "Cargo.toml") for name in self._files)

    def steady(self, host, port, database, stderr):
        """Its steady work there, as a process."""
        return subprocess.Popen(self._command("steady"), cwd=self._home, env=self._environment(host, port, database), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=stderr, text=True)

    def work(self, host, port, database):
        """Does its job there; what it found."""
        try:
            done = subprocess.run(self._command("client"), cwd=self._home, env=self._environment(host, port, database), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=_WORK_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise Failure(f"{self.name} did not end within {_WORK_SECONDS} s\n{(error.stdout or b'')[-2000:]}") from None
        said = done.stdout.decode(errors="replace")
        require(done.returncode == 0, f"{self.name}: exit {done.returncode}\n{said[-2000:]}\n{done.stderr.decode(errors='replace')[-2000:]}")
        return said

    def require_same(self, server, host, gateway):
        """The same job beside the gateway (at that host) and through it, each in a database of its own: the same findings."""
        found = []
        for where in ((host, PORT), gateway.address):
            database = server.create("client_" + self.name.replace("-", "_"))
            found.append(self.work(*where, database))
            server.drop(database)
        require(found[0] == found[1] and found[0].strip(), f"beside it:\n{found[0][-3000:]}\nthrough it:\n{found[1][-3000:]}")
