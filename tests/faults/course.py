"""One migration under traffic of both versions, with several faults on its way to the end."""

import contextlib
import os
import random
import re
import tempfile
import threading
import time

from lib import standby, wire
from lib.program import RESUMABLE
from lib.traffic import wait_until

from . import judge, kinds
from .attempt import Attempt, Finding
from .ledger import Wrong, Writer, tables_of
from .relay import MEANWHILE, MOMENTS, Moment, Relay

_START_PHASES = ("check", "expand", "backfill", "verify", "activate")
_OPTIONS = ("--pace", "100", "--chunk-time", "1ms", "--lock-budget", "300ms", "--lock-ceiling", "50ms")
_ROUNDS = (("start", "verify", "complete"), ("start", "rollback"), ("start", "rollback", "start", "complete"),
           ("start", "complete"))
# Slow enough for signals to be read, and heeding them although the tables are small.
_OPTIONS_WITH_STANDBY = ("--chunk-time", "1ms", "--lock-budget", "300ms", "--lock-ceiling", "50ms", "--max-p95", "off",
                         "--throttle-query", "SELECT 0", "--max-lag", "300ms")
_STANDBYS = 0.06  # of the courses have one
_WIRES = 0.12  # of the courses run over a network that loses packets
_ATTEMPTS = 40
_WRITERS = 2  # of each version
OLD_PATH = "public_base, public"


class Course:
    """Of a seed: which scenario, which strategy, which commands, which faults, and when."""

    def __init__(self, ground, seed, scenarios, names):
        self.ground, self.seed = ground, seed
        self.library = kinds.clock_library()
        self.server, self.program = ground.server, ground.program
        self.rng = random.Random(seed)
        self.scenario = self.rng.choice(scenarios)
        self.strategy = self.rng.choice(("in-place", "rebuild"))
        self.commands = self.rng.choice(_ROUNDS)
        self.names = names
        self.keep = False
        self.standby = self.wire = None
        self._has_wire = "packets" in names and (len(names) == 1 or self.rng.random() < _WIRES)
        self._has_standby = "standby" in names and (len(names) == 1 or self.rng.random() < _STANDBYS)
        self._options = _OPTIONS
        if self._has_standby:
            self.scenario = max(scenarios, key=lambda one: one.name.startswith("20_"))  # the one with the longest walk
            self._options = (*_OPTIONS_WITH_STANDBY, "--pace", "1" if self.strategy == "rebuild" else "4")
        self.faults = []  # (name, moment, noticed)
        self.log = []
        self.process = None
        self.words = tempfile.TemporaryFile()  # what the program says
        self.clock = tempfile.NamedTemporaryFile("w")  # what its clock is ahead, in seconds
        self._writers = {"old": [], "new": []}
        self._number = 0
        self.acknowledged = self.unknown = 0  # transactions of the writers

    @property
    def about(self):
        return f"{self.scenario.name} {self.strategy} {' '.join(self.commands)}"

    def go(self):
        self.database = self.ground.fresh(self.scenario)
        self.stage = self.ground.stage(self.scenario)
        self.new_path = f"{self.scenario.new_version}, public"
        self._plan()
        with contextlib.ExitStack() as stack:
            if self._has_wire:
                self.wire = stack.enter_context(wire.Wire())
            self.relay = stack.enter_context(Relay(self.server, self.wire and self.wire.listening))
            try:
                if self._has_standby:
                    self.standby = stack.enter_context(standby.Standby(self.server))
                    wait_until(self.standby.streams, "the standby streams")
                self._run()
            except Wrong as error:
                self._hold(error)
                raise Finding("data", str(error)) from error
            except Exception as error:
                self._hold(error)
                raise
            finally:
                self._end_of_everything()

    def _hold(self, error):
        """With --keep, everything stays as it is, for somebody to look at it."""
        if self.keep:
            print(f"{error}\npsql 'host={self.server.folder} user=postgres dbname={self.database}'; Ctrl-C ends it", flush=True)
            threading.Event().wait()

    def _end_of_everything(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if not self.server.runs():
            self.server.disk.free()
            self.server.launch()
        for writers in self._writers.values():
            for writer in writers:
                writer.end()
            self._count(writers)
        self.ground.drop()
        self.words.close()
        self.clock.close()

    def _plan(self):
        segue = self.program.on(self.server, self.database)
        steps = segue.must("plan", self.stage.migration, "--json", "--strategy", self.strategy).json["steps"]
        first = [step["id"] for step in steps if step["phase"] in _START_PHASES]
        last = [step["id"] for step in steps if step["phase"] not in _START_PHASES]
        self._walks = {step["id"] for step in steps if step["kind"] in ("walk", "catch-up")}
        self.orders = {"start": first, "rollback": first[::-1], "complete": last, "verify": []}

    def _run(self):
        with self.server.connect(self.database) as connection:
            self._old_tables = tables_of(connection)
        with self.ground.quiet.connect(self.stage.twin()) as connection:
            self._new_tables = tables_of(connection)
        self._begin_writers("old", seeded=25)
        for command in self.commands:
            before = getattr(self, f"_before_{command}", None)
            if before:
                before()
            self._carry_out(command)
            getattr(self, f"_after_{command}")()
        self._end_writers("old")
        self._end_writers("new")
        self.before_judging()
        judge.judge(self)

    def before_judging(self):
        """Everything has ended. The self-test spoils something here."""

    # The writers.

    def _begin_writers(self, version, seeded=0):
        path, tables = (OLD_PATH, self._old_tables) if version == "old" else (self.new_path, self._new_tables)
        for _ in range(_WRITERS):
            writer = Writer(self.server, self.database, path, tables, self._number, self.seed)
            self._number += 1
            writer.prepare(seeded)
            self._writers[version].append(writer.start())

    def _end_writers(self, version):
        for writer in self._writers[version]:
            writer.end()
        for writer in self._writers[version]:
            if writer.problem:
                raise Finding("traffic", f"{version} version: {writer.problem!r}")

    def _count(self, writers):
        self.acknowledged += sum(writer.acknowledged for writer in writers)
        self.unknown += sum(writer.unknown for writer in writers)

    def writers(self, version):
        return self._writers[version]

    @property
    def old_tables(self):
        return self._old_tables

    def _after_start(self):
        self._begin_writers("new")

    def _after_verify(self):
        pass

    def _before_complete(self):
        self._end_writers("old")
        with self._connect(OLD_PATH) as connection:
            judge.old_rows(connection, self)

    def _after_complete(self):
        self.ended = "completed"

    def _before_rollback(self):
        self._end_writers("new")
        with self._connect(self.new_path) as connection:
            judge.new_rows(connection, self)
        with self._connect(OLD_PATH) as connection:
            judge.new_rows_as_old(connection, self)

    def _after_rollback(self):
        self.ended = "rolled back"
        if self.commands[-1] != "rollback":  # another start follows
            with self._connect(OLD_PATH) as connection:
                judge.take_new_rows_out(connection, self)
            self._count(self._writers["new"])
            self._writers["new"] = []

    def _connect(self, path):
        connection = self.server.connect(self.database)
        connection.execute(f"SET search_path = {path}")
        return connection

    # The commands.

    def _arguments(self, command):
        if command == "start":
            return ("start", self.stage.migration, "--strategy", self.strategy, *self._options)
        if command == "complete":
            return ("complete", "--force", *self._options)
        return ("verify", "--pace", "100") if command == "verify" else (command, *self._options)

    def _carry_out(self, command):
        """The command with some faults, again and again until it has come to its end."""
        faults = self._faults(command)
        arguments = self._arguments(command)
        for _ in range(_ATTEMPTS):
            code, said = Attempt(self, command, arguments, faults).go()
            if code == 0:
                return
            arguments = self._next_arguments(command)
            if not arguments:
                return
            if code == RESUMABLE and not faults:  # as segue advises
                arguments = (*arguments, "--lock-budget", "30s")
        raise Finding("end", f"{command} does not come to its end in {_ATTEMPTS} runs; the last one:\n{said[-2000:]}")

    def _next_arguments(self, command):
        """The operator looks at status, and runs the same again, or segue resume where something is under way; None: it had come to its
        end, and nobody had heard of it."""
        state = self._state()
        moving = {"start": ("expanding", "backfilling", "verifying"), "complete": ("completing",),
                  "rollback": ("rolling-back",)}
        if not state and command in ("complete", "rollback"):
            return None
        if state in moving.get(command, ()) and self.rng.random() < 0.5:
            return ("resume", *self._options)
        return self._arguments(command)

    def _state(self):
        result = self._own_segue().run("status", "--json")
        if result.code != 0:
            raise Finding("status", str(result))
        live = result.json.get("migration")
        return live and live["state"]

    def _own_segue(self):
        """Past the relay and its faults."""
        return self.program.on(self.server, self.database)

    def said_so_far(self):
        return os.pread(self.words.fileno(), 1 << 20, 0).decode(errors="replace")

    def set_clock(self, seconds):
        self.clock.seek(0)
        self.clock.truncate()
        self.clock.write(f"{seconds:+d}\n")
        self.clock.flush()

    def status(self):
        """What a person is told."""
        return self._own_segue().run("status").out

    def status_advises(self):
        """What status says after segue was killed."""
        deadline = time.monotonic() + 3
        while True:
            said = self.status()
            if "Next: Wait" not in said or time.monotonic() > deadline:
                break
        return re.search(r"Next: (It was interrupted: segue \w+ goes on|segue start FILE|.*segue complete|segue \w+)", said) is not None

    def _faults(self, command):
        """Those of a command, each a kind and its moment."""
        if self._has_standby and command == "start":
            return [self._standby_fault()] + [self._fault(command) for _ in range(len(self.names) > 1)]
        if self.names == ["standby"]:
            return []
        return [self._fault(command) for _ in range({"start": 3, "verify": 1}.get(command, 2))]

    def _standby_fault(self):
        """At the beginning of the first walk, where one is."""
        order = self.orders["start"]
        place = next((number for number, step in enumerate(order) if step in self._walks), len(order) - 1)
        fault = kinds.Behind(self, self.rng)
        return fault, Moment(order, place, 60 if fault.is_gone else 1, MEANWHILE)

    def _fault(self, command):
        """A kind and its moment, by chance: (fault, moment)."""
        weights = {kinds.ALL[name]: kinds.ALL[name].weight for name in self.names if name != "standby"}
        if self._has_wire:
            weights[kinds.Lost] = sum(weights.values()) + 1  # half of them
        kind = self.rng.choices(list(weights), list(weights.values()))[0]
        order = self.orders[command]
        place = self.rng.randrange(len(order)) if order else 0
        walk = not order or order[place] in self._walks
        messages = self.rng.randint(1, 60 if walk and self.rng.random() < 0.7 else 8)
        return kind(self, self.rng), Moment(order, place, messages, self.rng.choice(MOMENTS))
