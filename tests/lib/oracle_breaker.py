"""The breaker: a version that fails, is slow or hangs is left; it is tried again; a share climbs by itself. Prints how long it took and what clients saw.

How fast the machine is decides nothing: a state that passes is recorded, not looked for, and what was asked too late is told by the gateway's own log."""

import concurrent.futures
import contextlib
import os
import re
import shutil
import signal
import subprocess
import time

from . import server as servers
from .breaker_lag import lags
from .callers import Callers, opened
from .gateway import Gateway
from .oracle_ramp import NEW, TOLERANT, RampGround
from .promises import promise_all
from .report import require
from .traffic import wait_until

_SLOW = 0.4  # seconds
_AT_ONCE = 3  # promises, which mostly wait
_ANY_TIME = ("--breaker-p95", "1000000")  # what is slow is no matter


def tasks(context):
    for server in context.servers:
        own = context.further(server, _PROMISES, 3)
        yield lambda server=server, own=own: _all(context, server, own)


def _all(context, base, promises):
    server = servers.Server(base.bin_dir, {"max_connections": "500"})
    try:
        with concurrent.futures.ThreadPoolExecutor(_AT_ONCE, initializer=context.report.adopting()) as pool:
            for kept in [pool.submit(_keep, context, server, *promise) for promise in promises]:
                kept.result()
    finally:
        server.stop()


def _keep(context, server, promise, *options):
    if promise is lags:
        promise_all(context, server, (promise,), context, server)
        return
    with _Ground(context, server, options) as ground:
        promise_all(context, server, (promise,), ground)


class _Ground(RampGround):
    """Of one promise."""

    def __init__(self, context, server, options):
        self._options = options
        super().__init__(context, server)

    def opened(self):
        return Gateway(self.context.options.segue, self.server, "--workers", "2", *self._options, database=self.database)

    def reason(self):
        return self.value(self.database, "SELECT tripped FROM segue.ramps")

    def row(self, columns):
        with self.server.connect(self.database) as connection:
            return connection.rows(f"SELECT {columns} FROM segue.ramps")[0]

    def wait_for_reason(self):
        wait_until(lambda: self.reason() is not None, "the breaker's reason is written", seen=lambda: self.gateway.said()[-2000:])

    def set(self, share):
        """As segue ramp does, without waiting until all follow."""
        self.run(self.database, f"INSERT INTO segue.ramps (schema, version, share) VALUES ('public', '{NEW}', {share}) "
                 "ON CONFLICT (schema, version) DO UPDATE SET share = excluded.share, turn = DEFAULT", "NOTIFY segue_gateway, 'ramp'")

    def count(self, condition):
        return int(self.value(self.database, f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {condition}"))

    def say(self, text):
        self.context.report.note(f"[{self.server.major}] {text}")

    def spoil(self, condition):
        """Gives a view of the new version a condition more, for the with block."""
        return _spoiled(self, condition)


@contextlib.contextmanager
def _spoiled(ground, condition):
    definition = ground.value(ground.database, f"SELECT pg_get_viewdef('{NEW}.users'::regclass)").rstrip("; ")
    make = f"CREATE OR REPLACE VIEW {NEW}.users WITH (security_invoker = true) AS "
    if ground.server.major < 15:
        make = f"CREATE OR REPLACE VIEW {NEW}.users AS "
    ground.run(ground.database, f"{make} SELECT * FROM ({definition}) v WHERE {condition}")
    try:
        yield lambda: ground.run(ground.database, make + definition)
    finally:
        ground.run(ground.database, make + definition)


_FAILS = "('x' || v.id)::integer = 1"


def _fails(ground):
    """A version whose statements fail is left at once: its errors are those of what was in flight; the reason is written, and nobody climbs again unawares"""
    with Callers(ground, "first_name") as callers:
        callers.settle()
        ground.segue.must("ramp", "50")
        ground.wait_for_reason()
        callers.go_on(400)
    when, reason = opened(ground.gateway)[0], ground.reason()
    seconds = callers.left(when)
    known = sum(1 for call in callers.errors() if call.ended < when)
    ground.say(f"failing, {callers.count} clients: left {seconds:.3f} s after the first of {len(callers.errors())} errors, {known} of them told before that; "
               f"others waited up to {1000 * callers.longest:.0f} ms: {reason}")
    require("errors" in reason and known <= 7, "too many errors before it was left")
    said = ground.segue.run("ramp", "10")
    require(said.code == 1 and reason in said.err and "--force" in said.err, f"{said}")


def _pgbench(ground, script, *options):
    """A running pgbench whose clients are all connected."""
    program = shutil.which("pgbench") or os.path.join(servers.DEBIAN_BIN, "pgbench")
    path = ground.file(ground.database, script)
    run = subprocess.Popen([program, "-n", "-f", path, "-T", "600", *options], env=ground.gateway.environment(ground.database),
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    count = int(options[options.index("-c") + 1])
    wait_until(lambda: run.poll() is not None or ground.count("application_name = 'pgbench'") >= count, "pgbench is connected")
    return run


def _fails_under_load(ground):
    """pgbench without a pause: no more of its clients meet an error of the new version than have a session there"""
    with _pgbench(ground, "SELECT first_name FROM users WHERE id = 5;\n", "-c", "40") as run:
        ground.segue.must("ramp", "30")
        ground.wait_for_reason()
        time.sleep(0.5)
        run.terminate()
        text = run.communicate()[0]
    met = text.count("aborted in command")
    ground.say(f"failing, pgbench with 40 clients, 30 % there: {met} met an error: {ground.reason()}")
    require(0 < met <= 30, text[-2000:])


def _is_left(ground, callers, what):
    ground.wait_for_reason()
    callers.go_on(400)
    return f"{what}: {ground.reason()}"


def _say_left(ground, callers, text):
    seconds = callers.left(opened(ground.gateway)[0])
    require(not callers.errors(), f"{callers.errors()}")
    last = max(call.began for call in callers.calls) - min(call.began for call in callers.calls)
    ground.say(f"left {seconds:.3f} s after the first slow request; the last of {len(callers.calls)} was sent {last:.3f} s after it; {text}")


def _is_slow(ground):
    """A version that is slow is left within a second of its first slow statement, without an error"""
    with ground.spoil(f"pg_sleep({_SLOW}) IS NOT NULL"):
        with Callers(ground, "visits") as callers:
            callers.settle()
            ground.segue.must("ramp", "50")
            text = _is_left(ground, callers, "slow")
        _say_left(ground, callers, text)


def _hangs(ground):
    """A version whose statements never end is left likewise, by what has waited so far"""
    with ground.spoil("pg_sleep(600) IS NOT NULL"):
        with Callers(ground, "visits") as callers:
            callers.settle()
            ground.segue.must("ramp", "50")
            text = _is_left(ground, callers, "hanging")
        _say_left(ground, callers, text)


def _one_hangs(ground):
    """A version where a single session hangs, and there is no other, is left likewise"""
    asleep = "wait_event = 'PgSleep'"
    with ground.spoil("pg_sleep(600) IS NOT NULL"):
        with Callers(ground, "visits") as callers:
            callers.settle()
            for share in range(1, 100):
                ground.set(share)
                callers.go_on(100)
                if ground.count(asleep) or ground.reason():
                    break
            text = _is_left(ground, callers, f"hanging, {share} %")
        _say_left(ground, callers, text)


def _has_long_tail(ground):
    """With --breaker-p99 a version is left whose p95 is right, but not its p99"""
    with ground.spoil("CASE WHEN random() < 0.04 THEN pg_sleep(0.3) IS NOT NULL ELSE true END"), \
            _pgbench(ground, "SELECT visits FROM users WHERE id = 5;\n", "-c", "16", "-R", "1200") as run:
        try:
            ground.segue.must("ramp", "50")
            ground.wait_for_reason()
        finally:
            run.terminate()
            run.communicate()
    ground.say(f"one in twenty-five slow: {ground.reason()}")
    require("p99" in ground.reason(), "another reason")


def _record(ground):
    """Has each state of the ramp written down: some last for a few milliseconds, and nobody who asks now and then would see them."""
    ground.run(ground.database, "CREATE SCHEMA recorded",
               "CREATE TABLE recorded.ramps (n serial, at float8, share float8, breaker text, pause float8)",
               "CREATE FUNCTION recorded.put() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN "
               "INSERT INTO recorded.ramps (at, share, breaker, pause) VALUES (extract(epoch FROM clock_timestamp()), NEW.share, NEW.breaker, NEW.pause); "
               "RETURN NULL; END $$",
               "CREATE TRIGGER recorded AFTER INSERT OR UPDATE ON segue.ramps FOR EACH ROW EXECUTE FUNCTION recorded.put()")


def _recorded(ground):
    """(when, share, breaker, pause) of each state since then."""
    with ground.server.connect(ground.database) as connection:
        return [(float(at), *rest) for at, *rest in connection.rows("SELECT at, share, breaker, pause FROM recorded.ramps ORDER BY n")]


_TRIED_IN_VAIN = [("90", None, None), ("0", "open", "0.5"), ("1", "half-open", "0.5"), ("0", "open", "1"), ("1", "half-open", "1")]


def _recovers(ground):
    """A version that was left is tried again after a pause by one session of each gateway: in vain, and the pause doubles; once it does well it has its share back"""
    ground.make_roles()
    _record(ground)

    def reached(what, condition):
        wait_until(lambda: callers.unexpected or condition(_recorded(ground)), what, 60, lambda: (_recorded(ground), ground.reason(), another.said()[-2000:]))
        require(not callers.unexpected, f"{callers.unexpected}")
        return _recorded(ground)

    url = ground.server.url(ground.database, "segue_gateway")  # with no more rights than docs/privileges.md says
    with ground.spoil(_FAILS) as mend, Gateway(ground.context.options.segue, ground.server, *_ANY_TIME, "--breaker-probe", "500ms", url=url) as another, \
            Callers(ground, "visits", 6, another) as callers:
        callers.go_on(100)
        ground.segue.must("ramp", "90")
        states = reached("it is tried again in vain, and again", lambda states: len(states) >= 5)
        require([state[1:] for state in states[:5]] == _TRIED_IN_VAIN, f"{states}")
        tried = [at for at, _, breaker, _ in states if breaker == "half-open"]
        mend()
        mended = time.time()
        states = reached("it does well", lambda states: states[-1][1:3] == ("90", None))
        calls = len(callers.calls)
        wait_until(lambda: len(callers.calls) > calls + 100, "sessions are on the new version")
    at_first, of_a_trial = [sum(1 for call in callers.errors() if begin <= call.began < end) for begin, end in ((0, tried[0]), tried[:2])]
    require(0 < at_first <= callers.count + 6 and of_a_trial <= 3, f"{at_first} errors at first, and of a trial {of_a_trial}")
    require(max(call.began for call in callers.errors()) <= mended, "errors of a version that was mended")
    ground.say("; ".join(f"{at - states[0][0]:.2f} s {breaker or 'closed'}, {share} %" for at, share, breaker, _ in states)
               + f"; {at_first} errors of 6 clients at first, {of_a_trial} of a trial")


@contextlib.contextmanager
def _traffic(ground, count=24):
    """pgbench reads what both versions have, over and over."""
    with _pgbench(ground, "\\set id random(1, 2000)\nSELECT visits FROM users WHERE id = :id;\n", "-c", str(count), "-R", "500") as run:
        try:
            yield run
        finally:
            run.terminate()
            run.communicate()


def _climbs(ground):
    """segue ramp --auto goes through its steps to 100 under pgbench's traffic, each held for so long and by enough answers"""
    with _traffic(ground) as run:
        said = ground.segue.must("ramp", "--auto", "20", "60", "100", "--every", "1s")
        require(run.poll() is None, "pgbench has ended")
    held = re.findall(r"(\S+) % held for (\d+) s: (\d+) answers", said.out)
    ground.say("; ".join(f"{share} % held for {seconds} s by {answers} answers" for share, seconds, answers in held))
    require([share for share, _, _ in held] == ["20", "60", "100"], said.out)
    require(all(int(seconds) >= 1 and int(answers) >= 100 for _, seconds, answers in held), said.out)
    require(ground.row("share") == ("100",), "another share")


def _falls_back(ground):
    """segue ramp --auto on a version that begins to fail ends with the reason and a status that says so, and all sessions are back"""
    with Callers(ground, "visits") as callers:
        callers.go_on(200)
        process = ground.segue.start("ramp", "--auto", "60", "100", "--every", "60s")
        wait_until(lambda: len(callers.calls) >= 300, "the first step")
        require(not callers.errors(), "errors of a version that does well")
        with ground.spoil(_FAILS):
            began = time.time()
            _, err = (text.decode() for text in process.communicate(timeout=60))
            took = time.time() - began
            callers.go_on(200)
    require(not callers.unexpected, f"{callers.unexpected}")
    when = opened(ground.gateway)[0]
    known = sum(1 for call in callers.errors() if call.ended < when)
    ground.say(f"--auto: left {when - min(call.began for call in callers.errors()):.3f} s after its first error, ended {took:.1f} s after the version began to fail; "
               f"{len(callers.errors())} errors with {callers.count} clients, {known} of them told before it was left: {ground.reason()}")
    require(process.returncode == 1 and ground.reason() in err, f"{process.returncode}: {err}")
    require(ground.row("share, breaker") == ("0", "open"), "it stays")
    require(known <= 12 and max(call.began for call in callers.errors()) <= when + 0.001, "too many errors, or too late")


def _leaves_it(ground):
    """segue ramp --auto, interrupted, leaves the share as it is and says so; the next one goes on from there"""
    with _traffic(ground):
        process = ground.segue.start("ramp", "--auto", "50", "100", "--every", "60s")
        wait_until(lambda: ground.value(ground.database, "SELECT share FROM segue.ramps") == "50", "the first step")
        process.send_signal(signal.SIGINT)
        _, err = (text.decode() for text in process.communicate(timeout=30))
        require(process.returncode == 4 and f"{NEW} keeps 50 %" in err, f"{process.returncode}: {err}")
        require(ground.row("share") == ("50",), "another share")
        said = ground.segue.must("ramp", "--auto", "--every", "1s")
        require(re.findall(r"gets +(\S+) %", said.out) == ["50", "100"], said.out)
    shown = ground.segue.must("ramp", "--json").json
    require([(one["version"], one["share"], one["breaker"]) for one in shown["versions"]] == [(NEW, 100, "closed")], f"{shown}")


# With the options of the gateway, the longest first.
_PROMISES = ((lags,), (_recovers, *_ANY_TIME), (_climbs, *_ANY_TIME), (_leaves_it, *_ANY_TIME), (_has_long_tail, *_ANY_TIME, "--breaker-p99", "100"),
             (_one_hangs, *TOLERANT), (_hangs, *TOLERANT), (_is_slow, *TOLERANT), (_falls_back, *_ANY_TIME), (_fails, *_ANY_TIME),
             (_fails_under_load, *_ANY_TIME))
