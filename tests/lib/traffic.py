"""`segue drive` as a child process: traffic of both versions that checks what it reads."""

import json
import os
import signal
import tempfile
import time

from .report import Failure, require

_BEGIN_SECONDS = 120  # each kind of statement is tried before a version's workers begin
_LAST_SECONDS = 60  # a request is under way, and the version's rows are looked at
_END_SECONDS = 120  # every row is looked at once more
_MOST_SAID = 1 << 20


class Traffic:
    """Started with the object, ended by `report`. In a with block it ends in any case."""

    def __init__(self, segue, arguments=(), old=2, new=2, rate=150, seconds=900):
        self._said = tempfile.TemporaryFile()
        self._process = segue.start("drive", "--old", str(old), "--new", str(new), "--rate", str(rate),
                                    "--seconds", str(seconds), "--json", *arguments, stderr=self._said)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()
        self._said.close()

    def wait_for(self, *versions):
        """Until each of these versions, "old" or "new", has done something."""
        wait_until(lambda: all(self._has_said(f"the {version} version's first requests are answered") for version in versions),
                   f"traffic of the {' and '.join(versions)} version", _BEGIN_SECONDS)

    def _has_said(self, words):
        said = "drive: " + words in self._stderr()
        if not said:
            self.require_running()
        return said

    def _stderr(self):
        # Without moving the offset, which is the program's as well.
        return os.pread(self._said.fileno(), _MOST_SAID, 0).decode(errors="replace")

    def end_old(self):
        """Ends the old version's workers; no request of theirs is under way afterwards."""
        self._end("old", signal.SIGUSR1)

    def end_new(self):
        self._end("new", signal.SIGUSR2)

    def _end(self, version, number):
        self._process.send_signal(number)
        wait_until(lambda: self._has_said(f"the {version} version's last requests are answered"),
                   f"the end of the {version} version's traffic", _LAST_SECONDS)

    def require_running(self):
        if self._process.poll() is not None:
            out, _ = self._process.communicate()
            raise Failure(f"segue drive ended by itself, exit {self._process.returncode}\n"
                          + (out.decode(errors="replace") + self._stderr())[-3000:])

    def report(self):
        """Ends all workers; the final report and the exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        out, _ = self._process.communicate(timeout=_END_SECONDS)
        lines = [line for line in out.decode(errors="replace").splitlines() if line.startswith("{")]
        if not lines:
            raise Failure(f"no report from segue drive, exit {self._process.returncode}\n"
                          + (out.decode(errors="replace") + self._stderr())[-3000:])
        return json.loads(lines[-1]), self._process.returncode


def wait_until(condition, what, seconds=30, seen=None):
    """Polls until condition() is true. seen(): what there is instead, for whoever has waited in vain."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Failure(f"waited {seconds} s in vain: {what}" + (f"\nthere is: {seen()}" if seen else ""))
        time.sleep(0.02)
