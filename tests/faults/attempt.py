"""One run of the program, with faults on its way: how it goes, and what it says."""

import re
import subprocess
import time

from lib.program import RESUMABLE, Session

from . import kinds

_PATIENCE = 240  # seconds that a run may take
_LOOK = 0.005
_SETTLING = 1  # second after a fault, in which no other one comes
_TCP = f"tcp_user_timeout={int(kinds.TCP_SECONDS * 1000)}&connect_timeout=2&keepalives_idle=1&keepalives_interval=1&keepalives_count=2"


class Finding(Exception):
    """A promise that was not kept."""

    def __init__(self, what, message):
        super().__init__(f"{what}: {message}")
        self.what, self.message = what, message


class Attempt:
    """Of a command of a course. `faults` are (fault, moment); those that come to pass are taken out of it."""

    def __init__(self, course, command, arguments, faults):
        self._course, self._command, self._arguments, self._faults = course, command, arguments, faults
        self._relay, self._server = course.relay, course.server
        self._struck = []  # (fault, moment), in the order in which they came

    def go(self):
        """(exit status, what it said)"""
        course = self._course
        course.words.seek(0)
        course.words.truncate()
        self._relay.expect(course.orders[self._command])
        self._launch()
        left = self._break_it()
        self._relay.disarm()
        if left:
            self._faults.insert(0, left)
        return self._look_at()

    def _break_it(self):
        """Until the program has ended and no fault is under way; the one whose moment has not come."""
        deadline = time.monotonic() + _PATIENCE
        active = None
        while True:
            if not active and self._faults and self._settled():
                active = self._faults.pop(0)
                # While segue is still looking for the server there is nothing new to say.
                active[0].must_be_seen = active[0].must_be_seen and self._at_work()
                self._relay.arm(active[1], active[0].happen)
            ended = self._course.process.poll() is not None
            if active and active[0].struck and active[0].over():
                active[0].end()
                self._struck.append(active)
                active = None
                continue
            under_way = active and active[0].began
            if not self._server.runs() and not under_way:
                self._server.launch()  # a full disk may have ended it late
            if self._relay.problem:
                raise Finding("harness", repr(self._relay.problem))
            if ended and not under_way:
                return active
            if time.monotonic() > deadline:
                raise Finding("stuck", f"{' '.join(self._arguments)} does not end within {_PATIENCE} s; it said\n"
                              + self._course.said_so_far()[-1500:])
            time.sleep(_LOOK)

    def _at_work(self):
        """Whether segue is at work again after the last fault: it speaks to the server, and does not look for it still."""
        said = self._course.said_so_far()
        return not self._struck or (self._relay.heard > self._struck[-1][0].heard_before
                                    and said.count("looking for the server") <= said.count("connected again"))

    def _settled(self):
        """That, or it has had the time to be."""
        return self._at_work() or time.monotonic() - self._struck[-1][0].began > self._struck[-1][0].seconds + _SETTLING

    def _launch(self):
        course, wire = self._course, self._course.wire
        where, prefix = f"host={self._relay.folder}&port=5432", ()
        if wire:
            where, prefix = f"host={wire.host}&port={wire.port}&{_TCP}", wire.prefix
        segue = Session(course.program.path, f"postgresql://postgres@/{course.database}?{where}")
        environment = segue.environment()
        if course.library and "clock" in course.names:
            course.set_clock(0)
            environment.update(LD_PRELOAD=course.library, FAKETIME_TIMESTAMP_FILE=course.clock.name, FAKETIME_NO_CACHE="1",
                               FAKETIME_DONT_FAKE_MONOTONIC="1")
        course.process = subprocess.Popen([*prefix, segue.path, *self._arguments], stdout=course.words, stderr=course.words,
                                        stdin=subprocess.DEVNULL, env=environment)

    def _look_at(self):
        """Judges how it ended and what it said."""
        course, command, struck = self._course, self._command, self._struck
        code, said = course.process.returncode, course.said_so_far()
        killed = any(fault.ends_program for fault, _ in struck)
        course.log.append(f"{command}: {', '.join(f'{fault.name} at {moment}' for fault, moment in struck) or 'no fault'}: exit {code}")
        last = struck[-1][0] if struck else None
        for number, (fault, moment) in enumerate(struck):
            following = struck[number + 1][0] if number + 1 < len(struck) else None
            until = len(following.said_before) if following else len(said)
            worked_on = (following.heard_before if following else self._relay.heard) > fault.heard_before
            noticed = fault.noticed(said[len(fault.said_before):until], None if following else code)
            course.faults.append((fault.name, moment.step, noticed))
            if noticed is False or not noticed and fault.must_be_seen and worked_on:
                raise Finding("words", f"after {fault.name} at {moment} segue said\n{said[-1500:]}")
        if code < 0 and not killed:
            raise Finding("crash", f"{command} ended by signal {-code}\n{said[-1500:]}")
        if code > 0:
            self._require_advice(code, said, last)
        return code, said

    def _require_advice(self, code, said, fault):
        """A run that ended badly says why, and what to do."""
        after = f"{self._command} after {fault.name if fault else 'an earlier fault'}"
        if code == 1 and not (fault and fault.refusal and re.search(fault.refusal, said)):
            raise Finding("refused", f"{after}:\n{said[-1500:]}")
        # The budget for locks is so small that the writers alone may use it up.
        if fault and not re.search(kinds.Locked.words if code == RESUMABLE else fault.words, said, re.I | re.S):
            raise Finding("words", f"{after}: exit {code}\n{said[-1500:]}")
        if not kinds.advises(said):
            raise Finding("advice", f"{after}: exit {code}\n{said[-1500:]}")
