"""What the Python clients' steady work has in common: a worker a way of working, each with a row of its own and sessions of its own, until
standard input ends. What a worker reads must be what it and nobody else wrote."""

import datetime
import decimal
import json
import os
import sys
import threading
import time
import traceback

ROW = "SELECT id, visits, note, price, born, data FROM users WHERE id = "
VISIT = "UPDATE users SET visits = visits + 1 WHERE id = {} RETURNING visits"
LEDGER = "INSERT INTO ledger (mode) VALUES ({})"
_PAUSE_SECONDS = 0.004
_ended = threading.Event()


class Worker:
    def __init__(self, mode, number):
        self.mode, self.id = mode, number
        self.visits = self.rows = 0

    @staticmethod
    def rounds():
        """Until the work is over."""
        while not _ended.is_set():
            yield
            time.sleep(_PAUSE_SECONDS)

    def visited(self, visits, rows=1):
        """Another visit was written, and so many rows in the ledger."""
        self.visits += 1
        self.rows += rows
        if visits != self.visits:
            raise AssertionError(f"{self.mode}: {visits} visits, {self.visits} of them made")

    def check(self, row):
        """The worker's row, as ROW asks for it."""
        number = self.id
        due = (number, self.visits, f"note of {number}: äöü", decimal.Decimal(number) + decimal.Decimal("0.25"),
               datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(hours=number), bytes([number]) * 40)
        found = (*row[:5], bytes(row[5]))
        if found != due:
            raise AssertionError(f"{self.mode}: {found} where {due} is due")


def _guarded(mode, worker):
    try:
        mode(worker)
    except BaseException:  # pylint: disable=broad-except
        print(worker.mode, file=sys.stderr)
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def run(modes, sessions=None):
    """modes: functions that take a Worker, by name. sessions: how many they open all in all, where it is not one each."""
    workers = [Worker(mode, number) for number, mode in enumerate(modes, 1)]
    print("steady", len(modes), sessions or len(modes), flush=True)
    threads = [threading.Thread(target=_guarded, args=(mode, worker)) for mode, worker in zip(modes.values(), workers)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    _ended.set()
    for thread in threads:
        thread.join()
    print(json.dumps({worker.mode: [worker.id, worker.visits, worker.rows] for worker in workers}))
