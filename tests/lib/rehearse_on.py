"""What segue rehearse --on promises: a copy on a server that is there, by a role with CREATEDB and no more."""

import json
import signal

from . import server as servers
from .program import REFUSED
from .report import require



class _Place:
    """A second server, with a role that may make databases."""

    def __init__(self, ground):
        self.server = servers.Server(ground.server.bin_dir)
        with self.server.connect("postgres") as connection:
            connection.execute("DROP ROLE app_reader")
            connection.execute("CREATE ROLE rehearser LOGIN CREATEDB PASSWORD 'geheim'")
            connection.execute("CREATE ROLE maker LOGIN CREATEDB CREATEROLE")
            connection.execute("CREATE ROLE nobody_much LOGIN")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()

    def url(self, role="rehearser", database="postgres", password=None):
        return self.server.url(database, role, password)

    def ours(self):
        with self.server.connect("postgres") as connection:
            return [row[0] for row in connection.rows("SELECT datname FROM pg_database WHERE datname LIKE 'segue_rehearsal_%'"
                                                      " UNION ALL SELECT rolname FROM pg_roles WHERE rolname = 'app_reader' ORDER BY 1")]


def on_a_server(ground):
    """On a server that is there a role with CREATEDB suffices: databases of its own come and go, roles that it may not make are told, a password is in no argument"""
    database, segue = ground.target()
    with _Place(ground) as place:
        report = ground.must(segue, "--seconds", "1s", "--on", place.url(password="geheim"))
        require(report["schema"]["differences"] == 0, str(report["schema"]))
        require("as rehearser" in report["place"], report["place"])
        require(any("app_reader" in line and "CREATEROLE" in line for line in report["remarks"]["lines"]), str(report["remarks"]))
        require(all(one["errors"] == 0 and one["requests"] > 0 for one in report["traffic"]["versions"]), str(report["traffic"]))
        require(not place.ours(), f"left behind: {place.ours()}")
        report = ground.must(segue, "--traffic", "none", "--on", place.url("maker"))
        require("app_reader" not in json.dumps(report["remarks"]), str(report["remarks"]))
        require(not place.ours(), f"left behind: {place.ours()}")
        result = segue.run(*ground.rehearse(segue, "--on", place.url("nobody_much")))
        require(result.code == REFUSED and "role nobody_much may not make databases" in result.err and "CREATEDB" in result.err, str(result))
    ground.server.drop(database)


def interrupted_there(ground):
    """Interrupted, a rehearsal drops its databases there; killed, the next one does and says so, and leaves those alone that are in use"""
    database, segue = ground.target()
    with _Place(ground) as place:
        for number in (signal.SIGINT, signal.SIGKILL):
            process = segue.start(*ground.rehearse(segue, "--on", place.url("maker")))
            said = []
            for line in process.stderr:
                said.append(line.decode())
                if b"rehearsed without rows" in line:
                    break
            require(len(place.ours()) >= 3, "".join(said))
            if number == signal.SIGKILL:
                other = segue.run(*ground.rehearse(segue, "--traffic", "none", "--on", place.url("maker")), timeout=200)
                require(other.code == 0 and "left behind" not in other.err, str(other))
            process.send_signal(number)
            # What it had begun to run ends by itself.
            process.communicate(timeout=60)
            if number == signal.SIGINT:
                require(not place.ours(), f"left behind: {place.ours()}")
        require(len(place.ours()) >= 3, f"gone by themselves: {place.ours()}")
        result = segue.run(*ground.rehearse(segue, "--traffic", "none", "--on", place.url("maker")), timeout=200)
        require(result.code == 0 and "left behind, is dropped" in result.err, str(result))
        require(not place.ours(), f"left behind: {place.ours()}")
    ground.server.drop(database)


def on_the_target(ground):
    """The target itself is refused as the place; another database of its server is taken, and its cost is told"""
    database, segue = ground.target()
    result = segue.run(*ground.rehearse(segue, "--on", ground.server.url(database)))
    require(result.code == REFUSED and "--on leads to the target itself" in result.err and "another database" in result.err, str(result))
    result = segue.run(*ground.rehearse(segue, "--traffic", "none", "--json", "--on", ground.server.url("postgres")), timeout=200)
    require(result.code == 0 and "costs the target its load" in result.err, str(result))
    require(any("costs the target its load" in line for line in json.loads(result.out)["remarks"]["lines"]), result.out)
    require(int(ground.value("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'segue_rehearsal%'")) == 0, "left behind")
    ground.server.drop(database)


PROMISES = [on_a_server, interrupted_there, on_the_target]
