"""The kinds of faults: what happens, when it is over, and what segue must have said of it."""

import contextlib
import os
import re
import signal
import time

from lib import pq, wire
from lib.program import RESUMABLE

_LOST = r"connection lost|the connection to the server is gone|terminating connection|server closed the connection"
_ADVICE = r"hint:.*(segue resume|go on with|tries again|run the same command again|goes on|make room first)"

TCP_SECONDS = 1.5  # after which what was sent without an answer counts as lost


class Fault:
    """One fault. `strike` is called at its moment, by the relay, whose link is held; `over` tells when `end` may be called."""

    name = None
    weight = 10
    seconds = 0.3  # how long it lasts
    ends_program = False
    must_be_seen = False  # if segue worked on, it has said something
    words = _LOST
    refusal = None  # what segue may refuse to begin because of it

    def __init__(self, course, rng):
        self.course, self.rng = course, rng
        self.began = None
        self.said_before = self.heard_before = None
        self.struck = False

    def happen(self, link):
        """Brings it about; the link is held meanwhile."""
        self.began = time.monotonic()
        self.said_before = self.course.said_so_far()
        self.strike(link)
        self.heard_before = self.course.relay.heard
        self.struck = True

    def strike(self, link):
        raise NotImplementedError

    def over(self):
        return time.monotonic() - self.began >= self.seconds

    def end(self):
        """The fault is taken away."""

    def noticed(self, said, code):
        """Whether segue had to say something of it, as far as one can know; None: it may have passed unseen."""
        del code
        return True if re.search(self.words, said, re.I | re.S) else None


class Killed(Fault):
    """kill -9 of segue."""

    name = "kill"
    ends_program = True

    def strike(self, link):
        self.course.process.send_signal(signal.SIGKILL)
        self.course.process.wait()

    def noticed(self, said, code):
        del said, code
        return self.course.status_advises()


class Terminated(Fault):
    """pg_terminate_backend of one of segue's sessions, or of all of them."""

    name = "terminate"

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.must_be_seen = rng.random() < 0.5

    def strike(self, link):
        which = "" if self.must_be_seen else " ORDER BY random() LIMIT 1"
        with self.course.server.connect("postgres") as connection:
            ended = connection.rows("SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity"
                                    f" WHERE application_name = 'segue' AND datname = $1{which}) s", self.course.database)
        # With the first message of a command there may be none yet.
        self.must_be_seen = self.must_be_seen and bool(ended)


class Restarted(Fault):
    """PostgreSQL restarts in immediate mode."""

    name = "restart"
    must_be_seen = True
    words = _LOST + r"|starting up|shutting down|not yet accepting"

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.seconds = rng.choice((0, 0.1, 0.6))

    def strike(self, link):
        self.course.server.crash()

    def end(self):
        self.course.server.launch()


class Full(Fault):
    """The disk is full; then there is room again."""

    name = "disk"
    refusal = r"there is no room for a second copy of the rows"
    words = r"no space left on device|could not (?:extend|write)|" + refusal + "|" + _LOST

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.seconds = rng.choice((0.2, 0.5, 1.0))

    def strike(self, link):
        self.course.server.disk.fill(self.rng.choice((0, 0, 8192, 65536)))

    def end(self):
        self.course.server.disk.free()
        if not self.course.server.runs():
            self.course.server.launch()


class Cut(Fault):
    """The network hangs up one connection, or all."""

    name = "cut"

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.must_be_seen = rng.random() < 0.4

    def strike(self, link):
        for one in list(self.course.relay.links) if self.must_be_seen else [link]:
            one.cut()


class Slow(Fault):
    """The network takes long for a while. There is nothing to say about it."""

    name = "delay"
    weight = 5

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.seconds = rng.choice((0.3, 0.8))

    def strike(self, link):
        self.course.relay.delay = self.rng.choice((0.02, 0.05, 0.2))

    def end(self):
        self.course.relay.delay = 0

    def noticed(self, said, code):
        return None


class Silent(Fault):
    """The network swallows everything for a while; then it hangs up, or goes on."""

    name = "silence"

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.seconds = rng.choice((0.3, 1.0))
        self.hangs_up = rng.random() < 0.7

    def strike(self, link):
        self.course.relay.hole = True

    def end(self):
        if self.hangs_up:
            for one in list(self.course.relay.links):
                one.cut()
        self.course.relay.hole = False


class Lost(Fault):
    """Packets are lost: the wire is unplugged for a while, and neither end is told. Only in courses that have one."""

    name = "packets"
    weight = 0

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.seconds = rng.choice((0.2, 0.8, 4.0))
        self.must_be_seen = self.seconds > TCP_SECONDS + 1

    def strike(self, link):
        self.course.wire.unplug()

    def end(self):
        self.course.wire.plug_in()


class Locked(Fault):
    """Another session holds a conflicting lock, several times as long as segue tries to get one."""

    name = "lock"
    words = r"waits [^\n]*(?:for|row lock)|no lock on|canceling statement due to lock timeout"

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.seconds = rng.choice((0.5, 1.5))
        self._mode = rng.choice(("ACCESS EXCLUSIVE", "ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE", "ROW EXCLUSIVE", "ACCESS SHARE"))
        self._connection = None
        self._in_the_way = False  # of everything that segue asks for, until it gave up

    def strike(self, link):
        self._connection = self.course.server.connect(self.course.database)
        tables = self._connection.column(
            "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')")
        # Not for long, since segue may hold some of them, and waits for us.
        self._connection.execute("SET lock_timeout = '100ms'; BEGIN")
        try:
            self._connection.execute(f"LOCK TABLE {', '.join(tables)} IN {self._mode} MODE")
            self._in_the_way = self._mode == "ACCESS EXCLUSIVE"
        except pq.DatabaseError:
            self._connection.execute("ROLLBACK")

    def end(self):
        self._in_the_way = self._in_the_way and self.course.process.poll() is not None
        with contextlib.suppress(pq.DatabaseError):
            self._connection.execute("ROLLBACK")
        self._connection.close()

    def noticed(self, said, code):
        """Who gives up says who was in the way."""
        if code == RESUMABLE and self._in_the_way and f" {self._connection.pid}" not in said:
            return False
        return super().noticed(said, code)


class Exhausted(Fault):
    """Somebody takes every connection that the server has, and segue needs a new one."""

    name = "slots"
    words = r"too many clients|connection slots|" + _LOST

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.seconds = rng.choice((0.3, 1.0))
        self._taken = []

    def strike(self, link):
        link.cut()
        time.sleep(0.02)
        self._taken = self.course.ground.slots()

    def end(self):
        for connection in self._taken:
            connection.close()


class Clock(Fault):
    """The clock of segue's machine jumps."""

    name = "clock"
    weight = 5
    seconds = 0.2

    def strike(self, link):
        self.course.set_clock(self.rng.choice((-86400, -3600, -30, 30, 3600, 86400, 40_000_000)))

    def noticed(self, said, code):
        del code
        if re.search(r"-\d+\.?\d* (?:s|min|h)\b|in \d{4,}|\d+ (?:h|d)\b", said):
            return False
        return None


class Behind(Fault):
    """A standby stands still, or is gone. Only in courses that have one, where segue is told to heed it."""

    name = "standby"
    weight = 0
    words = r"a standby is|standby that was there is gone"

    def __init__(self, course, rng):
        super().__init__(course, rng)
        self.is_gone = rng.random() < 0.3
        self.must_be_seen = not self.is_gone  # one that segue has never seen is not missed
        self.seconds = rng.choice((1.5, 2.5))
        self._status = ""

    def strike(self, link):
        if not self.is_gone:
            self.course.standby.stop_replay()

    def over(self):
        # In the thread that has started it, whose end would end it.
        if self.is_gone and self.course.standby.runs():
            self.course.standby.stop()
        return super().over()

    def end(self):
        self._status = self.course.status()
        if self.is_gone:
            self.course.standby.start()
        else:
            self.course.standby.go_on()

    def noticed(self, said, code):
        return super().noticed(said + self._status, code)


ALL = {kind.name: kind for kind in (Killed, Terminated, Restarted, Full, Cut, Slow, Silent, Lost, Locked, Exhausted, Clock, Behind)}


def usable(server):
    """The names of those that this machine allows, and why not the others."""
    missing = {}
    if not server.disk.is_own:
        missing["disk"] = "no disk of its own can be mounted here"
    if not clock_library():
        missing["clock"] = "libfaketime is not installed"
    if not wire.can_be_made():
        missing["packets"] = "no network namespace can be made here"
    return [name for name in ALL if name not in missing], missing


def clock_library():
    """Where libfaketime is; None."""
    for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"):
        path = os.path.join(folder, "faketime", "libfaketimeMT.so.1")
        if os.path.exists(path):
            return path
    return None


def advises(said):
    """Whether the last words tell the operator what to do."""
    return re.search(_ADVICE, said, re.I | re.S) is not None
