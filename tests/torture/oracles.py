"""One case through all oracles, in one database."""

import collections
import itertools
import json
import random
import signal
import threading
import time

from lib import stage

from . import limits, twin
from .bench import NEW_PATH, OLD_PATH, DatabaseError, text_of
from .traffic import Side, Writer, Wrong

_START_PHASES = ("check", "expand", "backfill", "verify", "activate")
_START = ("--pace", "100")


class Finding(Exception):
    """A promise that was not kept: which oracle says so, and what it saw."""

    def __init__(self, oracle, message):
        super().__init__(f"{oracle}: {message}")
        self.oracle, self.message = oracle, message


class Refused(Exception):
    """The program refused the file, for a reason that is known."""

    def __init__(self, limit, message):
        super().__init__(message)
        self.limit, self.message = limit, message


class Run:
    """A case on a bench. `go` returns when everything held."""

    def __init__(self, bench, case, template):
        self.bench, self.case = bench, case
        self.rng = random.Random(case.seed + 1 + 1000 * case.luck)
        self.database = bench.create(template)
        self.segue = bench.program.on(bench.server, self.database)
        self.numbers = itertools.count(1000)
        self.busy = self.rng.random() < 0.5  # the new version writes while complete runs
        self._connections = []

    def connect(self, path=None):
        self._connections.append(self.bench.connect(self.database, path))
        return self._connections[-1]

    def close(self):
        for connection in self._connections:
            connection.close()
        self.bench.drop(self.database)

    def go(self):
        self.migration = self.bench.place(self.case.migration_sql())
        self.control = self.connect()
        self._fill()
        self.before = twin.schema(self.control)
        self.wanted, psql_refuses = twin.wanted(self.control, self.case.statements())
        self.points = self._plan(psql_refuses)
        self.declared = twin.declared(self.control, self.case)
        self.rows = twin.old_rows(self.control, self.case)
        self._there_and_back()
        self._to_the_end()

    def _fill(self):
        try:
            self.control.execute(self.case.schema_sql())
            self.control.execute("ANALYZE")
        except DatabaseError as error:
            raise Finding("generator", text_of(error)) from error

    def _plan(self, psql_refuses):
        result = self.segue.run("plan", self.migration, "--json")
        if result.code == 1:
            self._refused(result, psql_refuses)
        if result.code != 0:
            raise Finding("plan", f"exit {result.code}: {_last(result.err) or _json_error(result.out)}")
        if psql_refuses:
            raise Finding("psql", f"psql refuses what plan accepts: {text_of(psql_refuses)}")
        steps = result.json["steps"]
        first = [step for step in steps if step["phase"] in _START_PHASES]
        last = [step for step in steps if step["phase"] not in _START_PHASES]
        return {"start": first, "rollback": first, "complete": last}

    def _refused(self, result, psql_refuses):
        said = _last(result.err) or _json_error(result.out)
        if psql_refuses:
            raise Refused("psql refuses it too", said)
        if twin.wanted(self.control, self.case.statements(), with_rows=True)[1] and "rows" in said:
            raise Refused("the rows do not fit, psql says so too", said)
        limit = limits.known(said)
        if limit:
            raise Refused(limit, said)
        raise Finding("refusal", said)

    def _must(self, oracle, *arguments):
        result = self.segue.run(*arguments)
        if result.code != 0:
            if result.code == 1 and arguments[0] == "start":
                self._refused(result, None)
            raise Finding(oracle, f"segue {arguments[0]}: exit {result.code}: {_last(result.err)}")

    def _command(self, name, faulty):
        """Runs a command, with a fault on the way when `faulty`, and then to its end."""
        arguments = ("start", self.migration, *_START) if name == "start" else ("complete", "--force") \
            if name == "complete" else (name,)
        if faulty and self.points[name]:
            self._interrupted(name, arguments)
        else:
            self._must("run", *arguments)
        self._after(name)

    def _after(self, name):
        """A command has ended. The self-test spoils something here."""

    def _interrupted(self, name, arguments):
        step = self.rng.choice(self.points[name])
        place = step["id"] + ("/chunk-1" if step["kind"] == "walk" and name == "start" and self.rng.random() < 0.5 else "")
        kind = self.rng.choice(("kill", "error", "drop-connection"))
        fault = f"{place}:{self.rng.choice(('before', 'after'))}:{kind}"
        first = self.segue.run(*arguments, fault=fault)
        if first.code == 0:
            return
        if first.code not in (1, 3, 4, -signal.SIGKILL):
            raise Finding("crash", f"{name} with {fault}: exit {first.code}: {_last(first.err)}")
        self._after(f"{name} interrupted")
        result = self.segue.run(*arguments)
        if result.code == 1 and name == "start" and first.code == 1:
            self._refused(result, None)  # both times: the fault has nothing to do with it
        if result.code != 0:
            raise Finding("crash", f"{name} again after {fault}: exit {result.code}: {_last(result.err)}")

    def _there_and_back(self):
        """start, writes of both versions one after the other, rollback."""
        faulty = self.rng.choice(("start", "rollback", "complete"))
        self.faulty = faulty
        old = self.connect(OLD_PATH)
        audited = self._audited()
        self._command("start", faulty == "start")
        if self._audited() != audited:
            raise Finding("trigger", "the backfill fired the application's triggers")
        new = self.connect(NEW_PATH)
        self._require_rows("data", twin.found(new, self.case), self.declared)
        self._require_rows("data", twin.old_rows(old, self.case), self.rows)
        self._write_in_turn(old, new)
        self._require_agreement(new)
        rows = twin.old_rows(old, self.case)
        self._command("rollback", faulty == "rollback")
        self._require_schema("rollback", self.before)
        self._require_rows("rollback", twin.old_rows(old, self.case), rows)
        new.close()
        self._connections.remove(new)

    def _write_in_turn(self, old, new):
        writers = [Writer(self.rng, Side(self.case, is_new), connection, self.numbers)
                   for is_new, connection in ((False, old), (True, new))]
        for number in range(24):
            one, other = writers if number % 2 == self.rng.randrange(2) else writers[::-1]
            audited = self._audited()
            try:
                table = one.step(other)
            except DatabaseError as error:
                raise Finding("live", f"{_version(one)}: {text_of(error)}: {one.last} / {other.last}") from error
            except Wrong as error:
                raise Finding("live", f"{_version(one)}: {error}") from error
            fired, wanted = self._audited() - audited, 1 if table and table.audited and table.audits() else 0
            if fired != wanted:
                raise Finding("trigger", f"fired {fired} times, not {wanted}, for {_version(one)}'s {one.written_sql}")

    def _audited(self):
        """How many writes the audit triggers have counted."""
        if not any(table.audited for table in self.case.tables):
            return 0
        if self.control.value("SELECT to_regclass('public.audit_log')") is None:
            return 0
        return int(self.control.value("SELECT count(*) FROM public.audit_log"))

    def _to_the_end(self):
        """start under the old version's traffic, both versions' traffic, complete, the new version's traffic."""
        busy = self.busy
        old = Crowd(self, False)
        old.start()
        try:
            self._command("start", False)
            new = Crowd(self, True)
            new.start()
            try:
                time.sleep(0.06)
                old.finish()
                if not busy:
                    new.finish()
                reader = self.connect(NEW_PATH)
                rows = None
                if not busy:
                    self._require_agreement(reader)
                    rows = twin.found(reader, self.case)
                self._command("complete", self.faulty == "complete")
            finally:
                new.finish()
        finally:
            old.finish()
        if rows is not None:
            self._require_rows("complete", twin.found(reader, self.case), rows)
        self._require_schema("schema", self.wanted)
        for crowd in (old, new):
            crowd.require_clean()
        after = Writer(self.rng, Side(self.case, True), reader, self.numbers)
        try:
            for _ in range(6):
                after.step()
        except (DatabaseError, Wrong) as error:
            raise Finding("live", f"after complete: {text_of(error)}: {after.last}") from error

    def _require_agreement(self, new):
        difference = twin.agreement(None, new, self.case)
        if difference:
            raise Finding("agreement", difference)

    def _require_rows(self, oracle, found, wanted):
        for table, rows in wanted.items():
            if found.get(table) != rows:
                raise Finding(oracle, f"{table.name}: " + twin.difference(found.get(table), rows))

    def _require_schema(self, oracle, wanted):
        found = twin.schema(self.control)
        if oracle == "rollback":
            found, wanted = self._without_lasting_types(found), self._without_lasting_types(wanted)
        if found != wanted:
            raise Finding(oracle, twin.difference(found, wanted))
        left = stage.leftovers(self.control) + [
            view for version in ("public_base", "public_torture") for view in stage.version_objects(self.control, version)]
        if left:
            raise Finding(oracle, f"left behind: {', '.join(left)}")


    def _without_lasting_types(self, lines):
        return collections.Counter({line: count for line, count in lines.items() if not any(
            line.startswith("type ") and name in line for name in self.case.lasting_types)})


class Crowd:
    """Traffic of one version in a thread of its own, until `finish`."""

    def __init__(self, run, new):
        self._connection = run.connect(NEW_PATH if new else OLD_PATH)
        begin = 20000 if new else 10000
        self._writer = Writer(random.Random(run.case.seed + begin), Side(run.case, new), self._connection,
                              itertools.count(begin))
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.error = None

    def start(self):
        self._thread.start()

    def finish(self):
        self._end.set()
        self._thread.join()

    def _work(self):
        try:
            while not self._end.is_set():
                self._writer.step()
                self._end.wait(0.002)
        except (DatabaseError, Wrong) as error:
            self.error = error

    def require_clean(self):
        if self.error:
            raise Finding("live", f"{_version(self._writer)}, meanwhile: {text_of(self.error)}: {self._writer.last}")


def _version(writer):
    return ("new" if writer.side.new else "old") + " version"


def _json_error(text):
    try:
        error = json.loads(text)["error"]
    except (ValueError, KeyError):
        return _last(text)
    return " | ".join(str(error[key]) for key in ("message", "detail", "hint") if error.get(key))


def _last(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(lines[:4])[:600]
