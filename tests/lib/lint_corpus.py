"""The scripts of tests/lint/comparison: what each does to a filled database and to the application that uses it, measured by running it.

A file holds many scripts, each behind a line `-- script: NAME`. Lines under it: `-- risk: …` tells of a harm that shows only later, in words;
`-- refuted: RULE: why` of a rule of squawk's that is wrong there, which no run shows; `-- needs schema: why` of what no file alone can tell.
What was measured stands in measured.tsv, without times.
"""

import os
import re

from . import lint_pages, lint_trace, lock_trace, pq, scenario

FOLDER = os.path.join(scenario.TESTS, "lint", "comparison")
STORED = os.path.join(FOLDER, "measured.tsv")
MAJOR = lint_pages.MAJOR
STALLS, FAILS, BREAKS, LOSES, ROWS = "stalls", "fails", "breaks", "loses", "rows"
HARMS = {
    STALLS: "others wait for as long as a table is large",
    FAILS: "a statement of it fails",
    BREAKS: "a statement of the application fails behind it",
    LOSES: "the application finds fewer rows behind it",
    ROWS: "every row of a table is changed in one statement, and locked until it ends",
}
_SCRIPT = re.compile(r"^-- script: (.*)\n", re.M)
_REMARK = re.compile(r"^-- (risk|refuted|needs schema): (.*)\n", re.M)
_NOT_SCRIPTS = {"base.sql", "application.sql"}
_COLUMNS = ["script", "harm", "locks", "written anew", "read", "without end", "again", "fails", "application", "squawk", "segue misses"]
_COUNT = "SELECT count(*)"


class Script:
    """A script and what became of those who use the database."""

    def __init__(self, name, text):
        self.name = name
        self.family = name.split(":")[0]  # the file
        remarks = _REMARK.findall(text)
        self.risk = "; ".join(words for kind, words in remarks if kind == "risk")
        self.refuted = dict(words.split(": ", 1) for kind, words in remarks if kind == "refuted")
        self.needs_schema = "; ".join(words for kind, words in remarks if kind == "needs schema")
        self.text = _REMARK.sub("", text).strip() + "\n"
        self.harm = set()
        self.locks = {}       # the strongest that it took on each relation that was there, with indexes locked as their tables are not
        self.rewritten = []
        self.read = []        # from end to end
        self.queues = []      # what others wait for while it waits for its lock, without a lock_timeout
        self.again = ""       # why it fails when it is run a second time, though it did not the first
        self.error = ""
        self.application = ""
        self.ms = 0.0         # all statements together; not stored
        self.squawk = []      # rules
        self.misses = []      # harms of which segue says nothing

    def measured(self):
        """What the run has shown, as it is stored."""
        locks = "; ".join(f"{name}: {mode}" for name, mode in sorted(self.locks.items()))
        return [self.name, " ".join(sorted(self.harm)), locks, " ".join(self.rewritten), " ".join(self.read),
                " ".join(self.queues), self.again, self.error, self.application]


def scripts():
    """All of them, in order, not measured yet."""
    found = []
    for name in sorted(os.listdir(FOLDER)):
        if name.endswith(".sql") and name not in _NOT_SCRIPTS:
            parts = _SCRIPT.split(_read(name))[1:]
            found += [Script(f"{name[:-len('.sql')]}: {title}", text) for title, text in zip(parts[::2], parts[1::2])]
    names = [script.name for script in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two scripts of one name: {sorted(twice)}")
    return found


def base():
    return _read("base.sql")


def _read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return file.read()


class Bench:
    """A server with the filled database, from which each script gets a copy."""

    def __init__(self, server):
        self._server = server
        lint_pages.prepare(server)
        self._template = server.create("filled")
        with server.connect(self._template) as session:
            for statement in lint_trace.statements(base()):
                session.execute(statement)
            session.execute("VACUUM (ANALYZE)")  # else autovacuum decides whether count() reads the table or an index
        self._asked = lint_trace.statements(_read("application.sql"))
        self._before = self._ask(self._template)
        failing = [answer for answer in self._before if isinstance(answer, str)]
        if failing:
            raise ValueError(f"the application fails before anything is changed: {failing}")

    def measure(self, script):
        """Runs it on a database of its own and fills in what was seen."""
        database = self._server.create("script", self._template)
        try:
            effects = lint_trace.Trace(self._server, database).run(script.text)
            answers = self._ask(database)
            script.again = "" if any(effect.error for effect in effects) else self._run_again(database, script.text)
        finally:
            self._server.drop(database)
        for effect in effects:
            for name, mode in {**effect.locks, **effect.indexes}.items():
                lock_trace.stronger(script.locks, {name: mode})
        script.rewritten = sorted({name for effect in effects for name in effect.rewritten})
        script.read = sorted({name for effect in effects for name in effect.read})
        script.queues = sorted({name for effect in effects if not effect.patience for name in effect.asks_for()})
        script.error = next((_one_line(effect.error) for effect in effects if effect.error), "")
        script.ms = 1000 * sum(effect.seconds for effect in effects)
        script.harm = self._harm(script, effects, answers)

    def _run_again(self, database, text):
        with self._server.connect(database) as session:
            for statement in lint_trace.statements(text):
                try:
                    session.execute(lint_trace.code(statement))
                except pq.DatabaseError as error:
                    return _one_line(error.message)
        return ""

    def _harm(self, script, effects, answers):
        found = set()
        if any(effect.stands_still() for effect in effects):
            found.add(STALLS)
        if any(effect.changed_all for effect in effects):
            found.add(ROWS)
        if script.error:
            found.add(FAILS)
        for statement, before, now in zip(self._asked, self._before, answers):
            if isinstance(now, str):
                found.add(BREAKS)
                script.application = script.application or f"{_one_line(statement)}: {_one_line(now)}"
            elif now < before:
                found.add(LOSES)
                script.application = script.application or f"{_one_line(statement)}: {now}, not {before}"
        return found

    def _ask(self, database):
        """What the application gets, statement by statement: how many rows, or the error."""
        answers = []
        with self._server.connect(database) as application:
            application.execute("SET ROLE shop_app")
            for statement in self._asked:
                sql = lint_trace.code(statement)
                application.execute("BEGIN")
                try:
                    rows = application.rows(sql)
                    answers.append(int(rows[0][0]) if sql.startswith(_COUNT) else len(rows))
                except pq.DatabaseError as error:
                    answers.append(error.message)
                application.execute("ROLLBACK")
        return answers


def _one_line(text):
    return " ".join(lint_trace.code(text).split())


def stored():
    """{name: columns} of what was measured, and what squawk said and segue did not, when the page was made."""
    with open(STORED, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return {row[0]: row for row in rows[1:]}


def without_read(columns):
    """What is the same each time. How a foreign key looks up the rows that it refers to is the choice of a plan, by statistics of a random sample."""
    return [column for name, column in zip(_COLUMNS, columns) if name != "read"]


def recall(script, columns):
    """Fills in what is stored, as far as verdicts need it."""
    row = dict(zip(_COLUMNS, columns))
    script.harm = set(row["harm"].split())
    script.queues = row["without end"].split()
    script.again = row["again"]
    script.squawk = row["squawk"].split()
    script.misses = row["segue misses"].split()


def store(scripts):
    with open(STORED, "w", encoding="utf-8") as file:
        for row in [_COLUMNS, *([*script.measured(), " ".join(script.squawk), " ".join(script.misses)] for script in scripts)]:
            file.write("\t".join(row) + "\n")
