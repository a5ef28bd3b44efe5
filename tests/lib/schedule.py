"""Several oracles' tasks side by side: as many at a time as there are jobs, in the order of the oracles. An oracle whose last tasks wait for a
server does not keep the next one from beginning."""

import concurrent.futures
import contextlib
import threading

_SHARES = 2  # of a job


class _Group:
    """Counts who has not ended yet: its tasks, and whoever begins them."""

    def __init__(self, at_end):
        self._at_end, self._running, self._lock = at_end, 1, threading.Lock()

    def begin(self):
        with self._lock:
            self._running += 1
        return self

    def end(self):
        with self._lock:
            self._running -= 1
            if self._running:
                return
        self._at_end()


class Schedule:
    """In a with block: at its end all tasks have ended, or, after an exception, those that have begun."""

    def __init__(self, report, jobs):
        self._report = report
        self._free = self._all = jobs * _SHARES
        self._changed = threading.Condition()
        self._pool = concurrent.futures.ThreadPoolExecutor(self._all)
        self._group = _Group(lambda: None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.shutdown(cancel_futures=True)

    @contextlib.contextmanager
    def group(self, at_end):
        """The tasks that begin in the with block: at_end() is called when the last of them has ended, while others may have begun."""
        before, self._group = self._group, _Group(at_end)
        try:
            yield
        finally:
            self._group.end()
            self._group = before

    def run(self, name, tasks, per_job=1):
        """Begins an oracle's tasks as there is room for them; per_job: how many make a job's work (1 or 2). A task is asked for when it can begin."""
        share = _SHARES // per_job
        tasks = iter(tasks)
        while True:
            self._take(share)
            try:
                with self._report.oracle(name):
                    task = next(tasks, None)
                if task:
                    self._pool.submit(self._do, name, task, share, self._group.begin())
            except BaseException:
                self._give(share)
                raise
            if not task:
                self._give(share)
                return

    def drain(self):
        """Returns when all tasks have ended."""
        self._take(self._all)
        self._give(self._all)

    def _do(self, name, task, share, group):
        try:
            with self._report.oracle(name):
                try:
                    task()
                except Exception as error:  # a task that broke outside of its tests is a failed test
                    with self._report.test(f"{name}: a task ran to its end"):
                        raise error
        finally:
            group.end()
            self._give(share)

    def _take(self, share):
        with self._changed:
            self._changed.wait_for(lambda: self._free >= share)
            self._free -= share

    def _give(self, share):
        with self._changed:
            self._free += share
            self._changed.notify()
