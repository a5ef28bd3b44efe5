"""PostgreSQL's own tests of clients, from Debian's source package: libpq's of its pipelines, and the regression tests' statements as psql runs them. What
they say through the gateway is what they say beside it."""

import glob
import os
import shutil
import subprocess

from .gateway_clients import Unavailable, cache
from .report import require
from .server import DEBIAN_BIN, PORT

_MAJOR = 15
_PG_REGRESS = "/usr/lib/postgresql/15/lib/pgxs/src/test/regress/pg_regress"
_SOURCES = ("deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian {} main\n")
_TEST_SECONDS, _SUITE_SECONDS = 60, 900
# Which of its requests libpq has sent when answers come is a matter of time in these.
_OVERLAPPING = ("pipelined_insert", "uniqviol")


def _run(*words, **more):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, check=False, **more)
    if done.returncode:
        raise Unavailable(f"{' '.join(words)}: {done.stdout[-1500:]}")
    return done.stdout


def _codename():
    with open("/etc/os-release") as file:
        return next(line.strip().partition("=")[2] for line in file if line.startswith("VERSION_CODENAME="))


class OwnTests:
    """The sources below the cache folder, with what is built of them."""

    def __init__(self):
        self._home = os.path.join(cache(), "postgresql-tests")
        self._source = os.path.join(self._home, "source")
        self._regress = os.path.join(self._source, "src", "test", "regress")
        self._pipeline = os.path.join(self._home, "libpq_pipeline")
        self._traces = os.path.join(self._source, "src", "test", "modules", "libpq_pipeline")

    def fetch(self):
        if os.path.exists(os.path.join(self._home, "regress.so")):
            return
        for program in ("apt-get", "dpkg-deb", "gcc", _PG_REGRESS):
            if not shutil.which(program):
                raise Unavailable(f"{program} is not there")
        shutil.rmtree(self._home, ignore_errors=True)
        lists = os.path.join(self._home, "lists")
        for folder in (os.path.join(lists, "partial"), self._source):
            os.makedirs(folder)
        with open(os.path.join(self._home, "sources.list"), "w") as file:
            file.write(_SOURCES.format(_codename()))
        own = ("-o", f"Dir::Etc::SourceList={file.name}", "-o", "Dir::Etc::SourceParts=-", "-o", f"Dir::State::lists={lists}")
        _run("apt-get", "-q", *own, "update", cwd=self._home)
        _run("apt-get", "-q", *own, "source", "--download-only", f"postgresql-{_MAJOR}", cwd=self._home)
        _run("apt-get", "-q", "download", f"postgresql-server-dev-{_MAJOR}", cwd=self._home)
        _run("tar", "xf", *glob.glob(os.path.join(self._home, "*.orig.tar.*")), "--strip-components=1", "-C", self._source)
        _run("dpkg-deb", "-x", *glob.glob(os.path.join(self._home, "*.deb")), self._home)
        self._build()

    def _build(self):
        headers = f"-I{self._home}/usr/include/postgresql/{_MAJOR}/server"
        library = os.path.join(self._home, "usr", "lib", "postgresql", str(_MAJOR), "lib")
        _run("gcc", "-O1", "-w", headers, "-I/usr/include/postgresql", "-o", self._pipeline, os.path.join(self._traces, "libpq_pipeline.c"), "-lpq",
             os.path.join(library, "libpgcommon.a"), os.path.join(library, "libpgport.a"))
        _run("gcc", "-O1", "-w", "-shared", "-fPIC", headers, "-o", os.path.join(self._home, "regress.so"), os.path.join(self._regress, "regress.c"))
        _run("chmod", "-R", "a+rX", self._home)

    def pipelines(self, server, gateway):
        """Each test of libpq's pipelines, in a database of its own: it passes, and each message is as it is beside the gateway. In words, what was seen."""
        names = _run(self._pipeline, "tests").split()
        for name in names:
            traces = []
            for where in (server, gateway):
                database = server.create("pipeline")
                trace = os.path.join(server.folder, "trace")
                done = subprocess.run([self._pipeline, "-r", "700", "-t", trace, name, where.conninfo(database)], stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, timeout=_TEST_SECONDS, check=False)
                require(done.returncode == 0, f"{name}: {done.stdout}")
                with open(trace) as file:
                    traces.append(file.read())
                os.unlink(trace)
                server.drop(database)
            require(traces[0] == traces[1] or name in _OVERLAPPING, f"{name}: the messages differ")
        return f"{len(names)} tests of libpq's pipelines"

    def regression(self, start, gateway_of):
        """The regression tests, each way on a server of its own: psql prints the same in each. start: makes a server that listens on an address, and tells
        both; gateway_of: a gateway before a server."""
        said = []
        for through in (False, True):
            server, host = start()
            try:
                with gateway_of(server) as gateway:
                    out = os.path.join(server.folder, "out")
                    os.mkdir(out)
                    if server.user:
                        os.chown(out, server.user.pw_uid, server.user.pw_gid)
                    said.append(self._suite(server, out, *(gateway.address if through else (host, PORT))))
            finally:
                server.stop()
        differing = [name for name in sorted(said[0].keys() | said[1].keys()) if said[0].get(name) != said[1].get(name)]
        require(len(said[0]) > 200 and not differing, f"of {len(said[0])} these differ: {differing}")
        return f"{len(said[0])} regression tests print the same"

    def _suite(self, server, out, host, port):
        """What psql printed, by test."""
        subprocess.run([_PG_REGRESS, f"--bindir={DEBIAN_BIN}", f"--dlpath={self._home}", f"--inputdir={self._regress}", f"--outputdir={out}",
                        f"--host={host}", f"--port={port}", "--user=postgres", "--max-connections=8", f"--schedule={self._regress}/parallel_schedule"],
                       cwd=out, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=server.as_its_user(), timeout=_SUITE_SECONDS, check=False)
        found = {}
        for path in glob.glob(os.path.join(out, "results", "*.out")):
            with open(path, "rb") as file:
                found[os.path.basename(path)] = file.read()
        return found
