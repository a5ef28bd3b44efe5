"""Results as they come: a line a test, the promise first; what went wrong below it."""

import contextlib
import threading
import time
import traceback


class Failure(Exception):
    """A promise that was not kept; the message says what was found."""


def require(condition, message):
    if not condition:
        raise Failure(message)


class Report:
    """Counts and prints. May be used by several threads."""

    def __init__(self, verbose_seconds=False):
        self.passed = 0
        self.failures = []
        self._lock = threading.Lock()
        self._verbose_seconds = verbose_seconds
        self._oracles = {}  # by name: passed, failed, seconds of its tasks
        self._current = threading.local()

    @contextlib.contextmanager
    def oracle(self, name):
        """The tests that this thread makes in the with block are this oracle's. Its seconds are those of all such blocks together."""
        started = time.monotonic()
        with self._lock:
            counts = self._oracles.setdefault(name, [0, 0, 0.0])
        self._current.counts = counts
        try:
            yield
        finally:
            self._current.counts = None
            with self._lock:
                counts[2] += time.monotonic() - started

    def adopting(self):
        """What a thread of a task's own has to call first, so that its tests are those of the oracle that this thread works for."""
        counts = getattr(self._current, "counts", None)
        return lambda: setattr(self._current, "counts", counts)

    @contextlib.contextmanager
    def test(self, name):
        """Everything in the with block must hold; an exception is the test's failure."""
        started = time.monotonic()
        problem = None
        try:
            yield
        except Failure as failure:
            problem = str(failure)
        except Exception:  # pylint: disable=broad-except
            problem = traceback.format_exc()
        self._record(name, problem, time.monotonic() - started)

    def note(self, line):
        """Something to know about what was tested: figures."""
        with self._lock:
            print(f"      {line}", flush=True)

    def _record(self, name, problem, seconds):
        with self._lock:
            counts = getattr(self._current, "counts", None)
            if counts:
                counts[0 if problem is None else 1] += 1
            took = f"  ({seconds:.1f} s)" if self._verbose_seconds else ""
            if problem is None:
                self.passed += 1
                print(f"ok    {name}{took}", flush=True)
            else:
                self.failures.append(name)
                indented = "\n".join("      " + line for line in problem.splitlines()[:60])
                print(f"FAIL  {name}{took}\n{indented}", flush=True)

    def summary(self):
        if self.failures:
            print("\nFailed:")
            for name in self.failures:
                print(f"  {name}")
        if len(self._oracles) > 1:
            print()
            for name, (passed, failed, seconds) in self._oracles.items():
                print(f"{name + ':':<10} {passed} passed, {failed} failed in {seconds:.0f} s")
        print(f"{self.passed} passed, {len(self.failures)} failed", flush=True)
        return 0 if self.passed and not self.failures else 1
