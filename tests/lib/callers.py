"""Clients of a gateway that ask the same all the time and note what a new version answered them."""

import re
import threading
import time
from datetime import datetime, timezone
from typing import NamedTuple, Optional

from . import pq
from .oracle_ramp import NEW
from .report import require
from .traffic import wait_until

_FAULTS = ("42703", "22P02")
_CANCELLED = "57014"
_STEP = 0.01  # seconds
_MILLISECOND = 0.001  # to which the gateway's log is exact


class Call(NamedTuple):
    """One that the new version answered; moments as the server's clock tells them."""

    began: float
    ended: float
    sqlstate: Optional[str]


class Callers:
    """They ask from the beginning of the with block to its end; what sleeps on the server then is cancelled."""

    def __init__(self, ground, column, count=20, gateway=None):
        self._ground, self._gateway = ground, gateway or ground.gateway
        self._sql = f"SELECT current_setting('search_path') ~ '{NEW}', {column} FROM users WHERE id = 5"
        self._stop = threading.Event()
        self.count, self.answers, self.longest, self.unexpected = count, 0, 0, []
        self.calls = []
        self._stalls = []
        self._threads = [threading.Thread(target=self._call) for _ in range(count)] + [threading.Thread(target=self._watch)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(0.1)
            while thread.is_alive():
                self._ground.run(self._ground.database, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                                 "WHERE wait_event = 'PgSleep' AND datname = current_database()")
                thread.join(0.1)

    def _call(self):
        try:
            with self._gateway.connect(self._ground.database) as client:
                while not self._stop.is_set():
                    self._note(time.time(), *self._ask(client))
                    time.sleep(0.01)
        except Exception as error:  # pylint: disable=broad-except
            self.unexpected.append(error)

    def _ask(self, client):
        try:
            return client.rows(self._sql)[0][0] == "t", None
        except pq.DatabaseError as error:
            require(error.sqlstate in (*_FAULTS, _CANCELLED), f"{error}")
            return True, error.sqlstate

    def _note(self, began, new, sqlstate):
        ended = time.time()
        self.answers += 1
        if new:
            self.calls.append(Call(began, ended, sqlstate))
        else:
            self.longest = max(self.longest, ended - began)

    def _watch(self):
        """Notes when the machine stood still: for so long nobody can be expected to do anything."""
        while not self._stop.is_set():
            began = time.time()
            time.sleep(_STEP)
            self._stalls.append((began, time.time() - began - _STEP))

    def stalled(self, begin, end):
        return sum(seconds for at, seconds in self._stalls if begin <= at <= end)

    def go_on(self, answers):
        """Until there have been so many more answers."""
        goal = self.answers + answers
        wait_until(lambda: self.unexpected or self.answers >= goal, f"{answers} more answers")
        require(not self.unexpected, f"{self.unexpected}")

    def settle(self):
        """Until there have been enough answers to judge by."""
        self.go_on(1200)
        self.longest = 0

    def errors(self):
        return [call for call in self.calls if call.sqlstate in _FAULTS]

    def left(self, opened):
        """That nothing was asked of the new version once the gateway had left it; how many seconds that took from the first call."""
        late = [call for call in self.calls if call.began > opened + _MILLISECOND]
        require(not late, f"it goes on: {len(late)} calls began up to {max([call.began for call in late], default=0) - opened:.3f} s after it was left")
        first = min(call.began for call in self.calls)
        require(opened - first < 1 + self.stalled(first, opened), f"left {opened - first:.3f} s after the first call")
        return opened - first


def opened(gateway):
    """When the gateway's breaker has opened."""
    moments = re.findall(r"^time=(\S+)Z level=warning event=breaker .* state=open", gateway.said(), re.M)
    return [datetime.fromisoformat(moment).replace(tzinfo=timezone.utc).timestamp() for moment in moments]
