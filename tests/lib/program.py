"""The segue program under test."""

import json
import os
import re
import subprocess
import time

from .report import Failure

REFUSED, USAGE, DATABASE, RESUMABLE = 1, 2, 3, 4


WISHES = ()  # arguments of every start and plan: how rows move, where it is not the program's default


def _own_strategy(arguments):
    """What lies beside the migration that is started: a scenario's file `strategy`."""
    for argument in arguments:
        path = argument[:-len(".sql")] + ".strategy"
        if argument.endswith(".sql") and os.path.exists(path):
            with open(path) as file:
                return file.read().strip()
    return None


def _unsaid(arguments, wishes):
    """Those of the wishes, an option and its value each, that the arguments do not say themselves."""
    own = _own_strategy(arguments)
    if own and "--strategy" not in wishes:
        wishes = (*wishes, "--strategy", own)
    return [word for pair in zip(wishes[::2], wishes[1::2]) if pair[0] not in arguments for word in pair]


class Result:
    """One finished run."""

    def __init__(self, arguments, code, out, err, seconds):
        self.arguments = arguments
        self.code = code  # negative: ended by that signal
        self.out = out
        self.err = err
        self.seconds = seconds

    @property
    def text(self):
        return self.out + self.err

    @property
    def json(self):
        """The last JSON value that standard output holds."""
        try:
            return json.loads(self.out)
        except ValueError:
            lines = [line for line in self.out.splitlines() if line.startswith(("{", "["))]
            if not lines:
                raise Failure(f"no JSON from {self}") from None
            return json.loads(lines[-1])

    def __str__(self):
        return (f"segue {' '.join(self.arguments)}: exit {self.code} after {self.seconds:.1f} s\n"
                f"{self.out[-3000:]}{self.err[-3000:]}")


class Program:
    """Where the program is."""

    def __init__(self, path, wishes=None):
        self.path = path
        self.wishes = wishes

    def on(self, server, database, user="postgres"):
        return Session(self.path, server.url(database, user), wishes=self.wishes)


class Session:
    """The program with its connection settled."""

    def __init__(self, path, url, environment=None, wishes=None):
        self.path = path
        self.wishes = WISHES if wishes is None else wishes
        self.url = url
        self.extra = environment or {}

    def environment(self, fault=None):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("SEGUE_", "PG"))}
        kept.update(self.extra, SEGUE_URL=self.url, NO_COLOR="1")
        if fault:
            kept["SEGUE_FAULT"] = fault
        return kept

    def start(self, *arguments, fault=None, stderr=subprocess.PIPE):
        """Begins a run and returns the process."""
        if arguments[:1] in (("start",), ("plan",)) and "--catalog" not in arguments:
            arguments = (*arguments, *_unsaid(arguments, self.wishes))
        # Nobody is at work in most tests; those of the runbook look for themselves.
        if arguments[:1] == ("plan",) and not {"--sample", "--catalog"} & set(arguments):
            arguments = (*arguments, "--sample", "0")
        # A pace that a test gives is the pace: how crowded the machine is must not decide.
        if arguments[:1] == ("start",) and "--pace" in arguments and "--max-p95" not in arguments:
            arguments = (*arguments, "--max-p95", "off")
        return subprocess.Popen([self.path, *arguments], stdout=subprocess.PIPE, stderr=stderr,
                                stdin=subprocess.DEVNULL, env=self.environment(fault))

    def run(self, *arguments, fault=None, timeout=120):
        started = time.monotonic()
        process = self.start(*arguments, fault=fault)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise Failure(f"segue {' '.join(arguments)} did not end within {timeout} s\n"
                          + (out + err)[-3000:].decode(errors="replace")) from None
        return Result(arguments, process.returncode, out.decode(errors="replace"),
                      err.decode(errors="replace"), time.monotonic() - started)

    def must(self, *arguments, timeout=120):
        """A run that has to end with 0."""
        result = self.run(*arguments, timeout=timeout)
        if result.code != 0:
            raise Failure(str(result))
        return result

    def state(self):
        """The state word of the live migration, or of the last one."""
        about = self.must("status", "--json").json
        return find_key(about, "state")


def find_key(value, key):
    """The first value under key, wherever it stands in the JSON."""
    if isinstance(value, dict):
        if key in value:
            return value[key]
        value = list(value.values())
    if isinstance(value, list):
        for element in value:
            found = find_key(element, key)
            if found is not None:
                return found
    return None


def peak_memory_kb(pid):
    """Of the program itself: what wait4 reports counts the forked test program as well."""
    try:
        with open(f"/proc/{pid}/status") as file:
            found = re.search(r"VmHWM:\s+(\d+) kB", file.read())
    except OSError:
        return 0
    return int(found.group(1)) if found else 0
