"""Traffic that is hard on a copy: rows exchange values that must be unique, change their keys, go and come again. Whoever changes a row
changes the same one of a twin table in the same transaction, which says afterwards what the table has to hold."""

import random
import threading

from .pq import DatabaseError
from .report import require

ROWS = 20000
_SESSIONS = 3
_FAR = 1000000  # beyond the ids that there are
SCHEMA = f"""
CREATE TABLE t (id integer PRIMARY KEY, code integer NOT NULL UNIQUE, note text, amount integer NOT NULL);
CREATE INDEX t_note ON t (note);
INSERT INTO t SELECT n, n, 'note ' || n % 100, n FROM generate_series(1, {ROWS}) AS n;
CREATE TABLE twin (LIKE t INCLUDING ALL);
INSERT INTO twin TABLE t;
ANALYZE;
"""
FILE = """
-- segue: down t.amount = amount::integer
ALTER TABLE t ALTER amount TYPE bigint;
"""


class _Session(threading.Thread):
    """Has rows of its own, and knows their codes."""

    def __init__(self, connection, number):
        super().__init__(daemon=True)
        self._connection, self._chance = connection, random.Random(number)
        self._codes = {id: id for id in range(number + 1, ROWS + 1, _SESSIONS)}
        self._aside = -number - 1  # a code that nobody else has
        self._end = threading.Event()
        self.done, self.error = 0, None

    def _exchange(self):
        one, two = self._chance.sample(list(self._codes), 2)
        self._codes[one], self._codes[two] = self._codes[two], self._codes[one]
        return [f"UPDATE {{0}} SET code = {self._aside} WHERE id = {one}", f"UPDATE {{0}} SET code = {self._codes[two]} WHERE id = {two}",
                f"UPDATE {{0}} SET code = {self._codes[one]}, amount = amount + 1 WHERE id = {one}"]

    def _move(self):
        old = self._chance.choice(list(self._codes))
        new = old + _FAR if old < _FAR else old - _FAR
        self._codes[new] = self._codes.pop(old)
        return [f"UPDATE {{0}} SET id = {new} WHERE id = {old}"]

    def _replace(self):
        """One goes, and another one takes over its code."""
        one, two = self._chance.sample(list(self._codes), 2)
        code = self._codes.pop(one)
        freed, self._codes[two] = self._codes[two], code
        self._codes[one] = freed
        return [f"DELETE FROM {{0}} WHERE id = {one}", f"UPDATE {{0}} SET code = {code} WHERE id = {two}",
                f"INSERT INTO {{0}} VALUES ({one}, {freed}, 'again', {one})"]

    def run(self):
        try:
            while not self._end.is_set():
                act = self._chance.choice((self._exchange, self._move, self._replace))()
                self._connection.execute("BEGIN;" + ";".join(one.format(table) for table in ("t", "twin") for one in act) + ";COMMIT")
                self.done += 1
                self._end.wait(0.004)
        except DatabaseError as error:
            self.error = error

    def end(self):
        self._end.set()
        self.join(30)
        self._connection.close()


def exchange_through(ground, *more):
    """A table is rebuilt under such traffic, which the throttle sees: in small parts, from the copy to the comparison. Nothing is lost."""
    database, segue = ground.made("exchange", SCHEMA)
    sessions = [_Session(ground.server.connect(database, options="-csearch_path=public_base,public"), number) for number in range(_SESSIONS)]
    for session in sessions:
        session.start()
    try:
        result = segue.must("start", ground.file("exchange", FILE), "--strategy", "rebuild", "--max-p95", "50", "--chunk-time", "2ms", *more)
    finally:
        for session in sessions:
            session.end()
    require(not any(session.error for session in sessions), f"an error met the application: {[session.error for session in sessions]}")
    require("changes applied, in parts" in str(result) and "rows compared, in parts" in str(result), f"not done in parts\n{result}")
    require(min(session.done for session in sessions) > 100, "hardly any traffic")
    differ = ground.value(database, "SELECT count(*) FROM ((TABLE t EXCEPT TABLE twin) UNION ALL (TABLE twin EXCEPT TABLE t)) AS d",
                          path="public_base,public")
    require(differ == "0", f"{differ} rows are not what the application wrote")
    differ = ground.value(database, "SELECT count(*) FROM public_exchange.t FULL JOIN twin USING (id) WHERE t.amount IS DISTINCT FROM twin.amount")
    require(differ == "0", f"{differ} rows are not in the new shape")
    segue.must("verify")
