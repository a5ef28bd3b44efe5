"""The breaker: a version that fails, is slow or hangs is left; it is tried again; a share climbs by itself. Prints how long it took and what clients saw."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time

from . import pq
from . import server as servers
from .gateway import Gateway
from .oracle_ramp import NEW, TOLERANT, RampGround
from .promises import promise_all
from .report import require
from .traffic import wait_until

_SLOW = 0.4  # seconds
_FAULTS = ("42703", "22P02")


def tasks(context):
    for server in context.servers:
        own = context.further(server, _PROMISES, 3, slow=True)
        yield lambda server=server, own=own: _all(context, server, own)


def _all(context, base, promises):
    server = servers.Server(base.bin_dir, {"max_connections": "500"})
    try:
        with RampGround(context, server) as ground:
            ground.make_roles()
            promise_all(context, server, promises, ground)
    finally:
        server.stop()


def _wake(ground):
    """Cancels the statements that sleep."""
    ground.run(ground.database, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")


class _Callers:
    """Clients that ask the same all the time, and note when they asked what was answered by an error, and what took long."""

    def __init__(self, ground, sql, count=8, gateway=None):
        self._ground, self._sql, self._gateway = ground, sql, gateway or ground.gateway
        self._stop = threading.Event()
        self.errors, self.slow, self.answers, self.unexpected, self.longest = [], [], 0, [], 0
        self._threads = [threading.Thread(target=self._call) for _ in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        _wake(self._ground)
        for thread in self._threads:
            thread.join()

    def _call(self):
        try:
            with self._gateway.connect(self._ground.database) as client:
                while not self._stop.is_set():
                    began = time.time()
                    try:
                        client.rows(self._sql)
                        self.answers += 1
                    except pq.DatabaseError as error:
                        require(error.sqlstate in _FAULTS or error.sqlstate == "57014", f"{error}")
                        if error.sqlstate in _FAULTS:
                            self.errors.append(began)
                    if time.time() - began > 0.9 * _SLOW:
                        self.slow.append(began)
                    else:
                        self.longest = max(self.longest, time.time() - began)
                    time.sleep(0.004)
        except Exception as error:  # pylint: disable=broad-except
            self.unexpected.append(error)

    def settle(self):
        """Until there have been enough answers to judge by."""
        goal = self.answers + 1200
        wait_until(lambda: self.unexpected or self.answers >= goal, "answers by which the current version can be judged")
        self.longest = 0
        self.slow.clear()


def _pgbench():
    return [shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")]


def _reason(ground):
    return ground.value(ground.database, "SELECT tripped FROM segue.ramps")


def _left(ground, callers, when):
    """That all sessions went back and stay, the reason is told, and climbing is refused until somebody insists. How long requests went on being sent there."""
    wait_until(lambda: _reason(ground) is not None, "the breaker's reason is written")
    time.sleep(2)
    require(not callers.unexpected, f"{callers.unexpected}")
    require(when and time.time() - max(when) > 1, "it goes on")
    reason = _reason(ground)
    said = ground.segue.run("ramp", "10")
    require(said.code == 1 and reason in said.err and "--force" in said.err, f"{said}")
    return max(when) - min(when), reason


def _say(ground, text):
    print(f"      [{ground.server.major}] {text}")


def _fails(ground):
    """A version whose statements fail is left at once: its errors are those of what was in flight; the reason is written, and nobody climbs again unawares"""
    ground.ramp(0)
    with _Callers(ground, "SELECT first_name FROM users WHERE id = 5") as callers:
        callers.settle()
        ground.ramp(50)
        seconds, reason = _left(ground, callers, callers.errors)
    _say(ground, f"failing, 8 clients: left {seconds:.3f} s after the first of {len(callers.errors)} errors; others waited up to {1000 * callers.longest:.0f} ms: {reason}")
    require("errors" in reason and len(callers.errors) <= 8 and seconds < 1, "too many errors, or too late")
    ground.ramp(0)


def _fails_under_load(ground):
    """pgbench without a pause: no more of its clients meet an error of the new version than have a session there"""
    ground.ramp(0)
    script = ground.file("fails", "SELECT first_name FROM users WHERE id = 5;\n")
    with subprocess.Popen([*_pgbench(), "-n", "-f", script, "-c", "40", "-T", "8"],
                          env=ground.gateway.environment(ground.database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        time.sleep(3)
        ground.ramp(50)
        text = run.communicate()[0]
    met = text.count("aborted in command")
    _say(ground, f"failing, pgbench with 40 clients: {met} met an error: {_reason(ground)}")
    require(_reason(ground) and 0 < met <= 30, text[-2000:])
    ground.ramp(0)


def _spoiled(ground, condition):
    """The definition of a view of the new version that has this condition as well, and its own."""
    definition = ground.value(ground.database, f"SELECT pg_get_viewdef('{NEW}.users'::regclass)").rstrip("; ")
    make = f"CREATE OR REPLACE VIEW {NEW}.users WITH (security_invoker = true) AS "
    if ground.server.major < 15:
        make = f"CREATE OR REPLACE VIEW {NEW}.users AS "
    return f"{make} SELECT * FROM ({definition}) v WHERE {condition}", make + definition


def _slowed(ground, seconds, shares, what):
    """Makes the new version slow; its share goes up until a session is there. Why it was left."""
    ground.ramp(0)
    slow, own = _spoiled(ground, f"pg_sleep({seconds}) IS NOT NULL")
    ground.run(ground.database, slow)
    try:
        with _Callers(ground, "SELECT visits FROM users WHERE id = 5") as callers:
            callers.settle()
            share = next(share for share in shares if ground.on(share)["versions"].get(NEW) or _reason(ground))
            wait_until(lambda: _reason(ground) is not None, "the breaker's reason is written")
            time.sleep(2)
            _wake(ground)
        require(not callers.unexpected and not callers.errors, f"{callers.unexpected} {callers.errors}")
        took = max(callers.slow) - min(callers.slow)
        _say(ground, f"{what}, {share} %: the last of {len(callers.slow)} slow requests was sent {took:.3f} s after the first: {_reason(ground)}")
        require(took < 1, "too late")
        return _reason(ground)
    finally:
        ground.run(ground.database, own)
        ground.ramp(0)


def _is_slow(ground):
    """A version that is slow is left within a second of its first slow statement, without an error"""
    require("took" in _slowed(ground, _SLOW, [50], "slow"), "another reason")


def _hangs(ground):
    """A version whose statements never end is left likewise, by what has waited so far, be it a single session's"""
    _slowed(ground, 600, [50], "hanging")
    reason = _slowed(ground, 600, range(3, 100, 3), "hanging, one session")
    require("without an answer" in reason or "took" in reason, f"another reason: {reason}")


def _ramp_row(ground, columns):
    with ground.server.connect(ground.database) as connection:
        return connection.rows(f"SELECT {columns} FROM segue.ramps")[0]


def _record(ground):
    """Has each state of the ramp written down: some last for a few milliseconds, and nobody who asks now and then would see them."""
    ground.run(ground.database, "CREATE SCHEMA IF NOT EXISTS recorded", "DROP TABLE IF EXISTS recorded.ramps",
               "CREATE TABLE recorded.ramps (n serial, at float8, share float8, breaker text, pause float8)",
               "CREATE OR REPLACE FUNCTION recorded.put() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN "
               "INSERT INTO recorded.ramps (at, share, breaker, pause) VALUES (extract(epoch FROM clock_timestamp()), NEW.share, NEW.breaker, NEW.pause); "
               "RETURN NULL; END $$",
               "CREATE OR REPLACE TRIGGER recorded AFTER INSERT OR UPDATE ON segue.ramps FOR EACH ROW EXECUTE FUNCTION recorded.put()")


def _recorded(ground):
    """(when, share, breaker, pause) of each state since then."""
    with ground.server.connect(ground.database) as connection:
        return [(float(at), *rest) for at, *rest in connection.rows("SELECT at, share, breaker, pause FROM recorded.ramps ORDER BY n")]


def _recovers(ground):
    """A version that was left is tried again after a pause by one session of each gateway: in vain, and the pause doubles; once it does well it has its share back"""
    ground.ramp(0)
    _record(ground)
    bad, own = _spoiled(ground, "('x' || v.id)::integer = 1")
    ground.run(ground.database, bad)

    def reached(callers, what, condition):
        wait_until(lambda: callers.unexpected or condition(_recorded(ground)), what, 60, lambda: (_recorded(ground), _reason(ground), another.said()[-2000:]))
        require(not callers.unexpected, f"{callers.unexpected}")
        return _recorded(ground)

    url = ground.server.url(ground.database, "segue_gateway")  # with no more rights than docs/privileges.md says
    try:
        with Gateway(ground.context.options.segue, ground.server, *TOLERANT, "--breaker-probe", "1s", url=url) as another, \
                _Callers(ground, "SELECT visits FROM users WHERE id = 5", gateway=another) as callers:
            callers.settle()
            ground.segue.must("ramp", "50")
            states = reached(callers, "it is tried again in vain, and again", lambda states: len(states) >= 5)
            require([state[1:] for state in states[:5]] == [("50", None, None), ("0", "open", "1"), ("1", "half-open", "1"), ("0", "open", "2"), ("1", "half-open", "2")],
                    f"{states}")
            tried = [at for at, _, breaker, _ in states if breaker == "half-open"]
            ground.run(ground.database, own)
            mended = time.time()
            states = reached(callers, "it does well", lambda states: states[-1][1:3] == ("50", None))
            wait_until(lambda: any(one["sessions"]["versions"].get(NEW) for one in ground.ramp(50)["gateways"]), "sessions are on the new version")
        met = [sum(1 for at in callers.errors if begin <= at < end) for begin, end in zip([0, *tried], [*tried, mended])]
        require(0 < met[0] <= 8 and met[1] <= 2, f"{met} errors at first and of each trial")
        require(max(callers.errors) <= mended, "errors of a version that was mended")
        began = states[0][0]
        _say(ground, "; ".join(f"{at - began:.2f} s {breaker or 'closed'}, {share} %" for at, share, breaker, _ in states) + f"; errors at first and of each trial: {met}")
    finally:
        ground.run(ground.database, own)
        ground.ramp(0)


@contextlib.contextmanager
def _traffic(ground, count=24):
    """pgbench reads what both versions have, over and over."""
    script = ground.file("reads", "\\set id random(1, 2000)\nSELECT visits FROM users WHERE id = :id;\n")
    with subprocess.Popen([*_pgbench(), "-n", "-f", script, "-c", str(count), "-T", "600", "-R", "500"], env=ground.gateway.environment(ground.database),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        try:
            yield run
        finally:
            run.terminate()
            run.communicate()


def _climbs(ground):
    """segue ramp --auto goes through its steps to 100 under pgbench's traffic, each held for so long and by enough answers"""
    ground.ramp(0)
    with _traffic(ground) as run:
        time.sleep(4)
        said = ground.segue.must("ramp", "--auto", "20", "60", "100", "--every", "3s")
        require(run.poll() is None, "pgbench has ended")
    held = re.findall(r"(\S+) % held for (\d+) s: (\d+) answers", said.out)
    _say(ground, "; ".join(f"{share} % held for {seconds} s by {answers} answers" for share, seconds, answers in held))
    require([share for share, _, _ in held] == ["20", "60", "100"], said.out)
    require(all(int(seconds) >= 3 and int(answers) >= 100 for _, seconds, answers in held), said.out)
    require(_ramp_row(ground, "share") == ("100",), "another share")
    ground.ramp(0)


def _falls_back(ground):
    """segue ramp --auto on a version that begins to fail ends with the reason and a status that says so, and all sessions are back"""
    ground.ramp(0)
    bad, own = _spoiled(ground, "('x' || v.id)::integer = 1")
    process = None
    try:
        with _Callers(ground, "SELECT visits FROM users WHERE id = 5", 16) as callers:
            callers.settle()
            process = ground.segue.start("ramp", "--auto", "60", "100", "--every", "4s")
            wait_until(lambda: ground.value(ground.database, "SELECT share FROM segue.ramps") == "60", "the first step")
            time.sleep(2)
            require(not callers.errors, "errors of a version that does well")
            ground.run(ground.database, bad)
            began = time.monotonic()
            _, err = (text.decode() for text in process.communicate(timeout=30))
            took = time.monotonic() - began
        require(not callers.unexpected, f"{callers.unexpected}")
        _say(ground, f"--auto: ended {took:.1f} s after the version began to fail, {len(callers.errors)} errors with 16 clients: {_reason(ground)}")
        require(process.returncode == 1 and _reason(ground) in err, f"{process.returncode}: {err}")
        require(_ramp_row(ground, "share, breaker") == ("0", "open") and 0 < len(callers.errors) <= 16, "it stays")
    finally:
        ground.run(ground.database, own)
        ground.ramp(0)


def _leaves_it(ground):
    """segue ramp --auto, interrupted, leaves the share as it is and says so; the next one goes on from there"""
    ground.ramp(0)
    with _traffic(ground):
        time.sleep(4)
        process = ground.segue.start("ramp", "--auto", "50", "100", "--every", "60s")
        wait_until(lambda: ground.value(ground.database, "SELECT share FROM segue.ramps") == "50", "the first step")
        process.send_signal(signal.SIGINT)
        _, err = (text.decode() for text in process.communicate(timeout=30))
        require(process.returncode == 4 and f"{NEW} keeps 50 %" in err, f"{process.returncode}: {err}")
        require(_ramp_row(ground, "share") == ("50",), "another share")
        said = ground.segue.must("ramp", "--auto", "--every", "1s")
        require(re.findall(r"gets +(\S+) %", said.out) == ["50", "100"], said.out)
    shown = ground.segue.must("ramp", "--json").json
    require([(one["version"], one["share"], one["breaker"]) for one in shown["versions"]] == [(NEW, 100, "closed")], f"{shown}")
    ground.ramp(0)


_PROMISES = (_fails, _fails_under_load, _is_slow, _hangs, _recovers, _climbs, _falls_back, _leaves_it)
