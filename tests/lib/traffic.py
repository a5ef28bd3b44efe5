"""`segue drive` as a child process: traffic of both versions that checks what it reads."""

import json
import signal
import time

from .report import Failure, require


class Traffic:
    """Started with the object, ended by `report`. In a with block it ends in any case."""

    def __init__(self, segue, arguments=(), old=2, new=2, rate=150, seconds=120):
        self._process = segue.start("drive", "--old", str(old), "--new", str(new), "--rate", str(rate),
                                    "--seconds", str(seconds), "--json", *arguments)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def end_old(self):
        self._process.send_signal(signal.SIGUSR1)

    def end_new(self):
        self._process.send_signal(signal.SIGUSR2)

    def require_running(self):
        if self._process.poll() is not None:
            out, err = self._process.communicate()
            raise Failure(f"segue drive ended by itself, exit {self._process.returncode}\n"
                          + (out + err).decode(errors="replace")[-3000:])

    def report(self):
        """Ends all workers; the final report and the exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        out, err = self._process.communicate(timeout=30)
        lines = [line for line in out.decode(errors="replace").splitlines() if line.startswith("{")]
        if not lines:
            raise Failure(f"no report from segue drive, exit {self._process.returncode}\n"
                          + (out + err).decode(errors="replace")[-3000:])
        return json.loads(lines[-1]), self._process.returncode


def wait_until(condition, what, seconds=30):
    """Polls until condition() is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        require(time.monotonic() < deadline, f"waited {seconds} s in vain: {what}")
        time.sleep(0.02)


def sessions_of_drive(connection):
    """How many sessions of drive the server has in this database."""
    return int(connection.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                " AND application_name LIKE 'segue drive%'"))
