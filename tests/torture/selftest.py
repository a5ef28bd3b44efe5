"""A check that cannot fail is a defect: each oracle is shown a defect of its own kind, and has to find it.

The program runs as it is; what it made is spoilt behind its back, or the file that it gets is not the one that the
oracles know.
"""

import itertools

from lib.pq import quote_identifier, quote_literal

from .grammar import random_case
from .oracles import Run

_TRIGGERS = """SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) FROM pg_trigger
WHERE tgname LIKE '%segue%' AND NOT tgisinternal"""


def _planted(moment, spoil, time=1):
    """A Run in which spoil(run, table, column) happens at the moment, the given time that it comes."""
    class Planted(Run):
        """See above."""

        def __init__(self, bench, case, template):
            super().__init__(bench, case, template)
            self.busy, self.times = False, 0

        def _after(self, name):
            self.times += name == moment
            if name == moment and self.times == time:
                table, column = _target(self.case)
                spoil(self, table, column)
    return Planted


def _target(case):
    """A table with rows, and its column that a conversion makes."""
    for table in case.tables:
        for column in table.current():
            short = len(column.now) <= 30 and len(table.quoted_old) <= 30  # a hidden name keeps it whole
            if short and len(table.rows) >= 20 and len(table.key) == 1 and column.up and column.inverse and column.added \
                    and not table.kept_rows and not table.foreign_keys:
                return table, column
    return None, None


def _spoil_rows(run, table, column):
    """One value of the new version is lost, and no trigger sees it."""
    hidden = run.control.value("SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attname LIKE '\\_segue%'"
                               " AND attname LIKE '%' || $2", f"public.{table.quoted_old}", column.now)
    _quietly(run, f"UPDATE public.{table.quoted_old} SET {quote_identifier(hidden or column.now)} = {column.new_values[0]}"
             .replace("{n}", "77777") + f" WHERE ctid = (SELECT min(ctid) FROM public.{table.quoted_old})")


def _spoil_old_rows(run, table, _column):
    _quietly(run, f"DELETE FROM public.{table.quoted_old}")


def _spoil_final_rows(run, table, _column):
    _quietly(run, f"DELETE FROM public.{table.quoted}")


def _quietly(run, sql):
    run.control.execute(f"SET session_replication_role = replica; {sql}; RESET session_replication_role")


def _silence_triggers(run, _table, _column):
    for statement in run.control.column(_TRIGGERS):
        run.control.execute(statement)


def _spoil_old_schema(run, table, _column):
    run.control.execute(f"ALTER TABLE public.{table.quoted_old} SET (fillfactor = 33)")


def _spoil_new_schema(run, table, _column):
    run.control.execute(f"COMMENT ON TABLE public.{table.quoted} IS {quote_literal('not in the file')}")


def _leave_something(run, _table, _column):
    run.control.execute("CREATE TABLE public._segue_left ()")


def _fire_twice(run, table, _column):
    """The application's trigger that counts, once more."""
    function = run.control.value("SELECT tgfoid::regproc FROM pg_trigger WHERE tgname LIKE 'audit%'")
    run.control.execute(f"CREATE TRIGGER once_more AFTER INSERT OR UPDATE OR DELETE ON public.{table.quoted_old}"
                        f" FOR EACH ROW EXECUTE FUNCTION {function}()")


def _lose_journal(run, _table, _column):
    run.control.execute("DROP SCHEMA segue CASCADE")


class _OtherFile(Run):
    """The program gets a statement more than the oracles know of."""

    extra = ""

    def go(self):
        place = self.bench.place
        self.bench.place = lambda sql: place(sql + self.extra)
        try:
            super().go()
        finally:
            self.bench.place = place


class _RefusedFile(_OtherFile):
    extra = "DROP TABLE nowhere CASCADE;\n"


class _OtherMeaning(_OtherFile):
    extra = "CREATE TABLE nobody_wrote_this (id bigint PRIMARY KEY);\n"


class _PsqlRefuses(Run):
    """The twin gets a statement that psql refuses."""

    def go(self):
        statements, sql = self.case.statements, self.case.migration_sql()
        self.case.migration_sql = lambda: sql
        self.case.statements = lambda: statements() + ["ALTER TABLE nowhere ADD COLUMN a int"]
        super().go()


class _Interrupted(_planted("start interrupted", _lose_journal)):
    """The start that is broken off loses its journal."""

    def __init__(self, bench, case, template):
        super().__init__(bench, case, template)
        self.rng.choice = _choose_start(self.rng.choice)


def _choose_start(choice):
    """The fault hits an early step of start, whatever the seed says."""
    def chosen(options):
        if options == ("start", "rollback", "complete"):
            return "start"
        if options == ("kill", "error", "drop-connection"):
            return "error"
        if options and isinstance(options, list) and isinstance(options[0], dict):
            return next(step for step in options if step["phase"] == "backfill")
        return choice(options)
    return chosen


_DEFECTS = (
    ("data", "a value that the backfill got wrong", _planted("start", _spoil_rows)),
    ("data", "rows that start lost", _planted("start", _spoil_old_rows)),
    ("live", "sync triggers that do nothing", _planted("start", _silence_triggers)),
    ("agreement", "sync triggers that do nothing under traffic", _planted("start", _silence_triggers, time=2)),
    ("trigger", "an application's trigger that fires twice", _planted("start", _fire_twice)),
    ("rollback", "a setting that rollback left", _planted("rollback", _spoil_old_schema)),
    ("rollback", "rows that rollback lost", _planted("rollback", _spoil_old_rows)),
    ("schema", "a comment that the file does not have", _planted("complete", _spoil_new_schema)),
    ("schema", "an object that complete left", _planted("complete", _leave_something)),
    ("schema", "a table that only the program was told of", _OtherMeaning),
    ("complete", "rows that complete lost", _planted("complete", _spoil_final_rows)),
    ("crash", "a journal that is lost with the connection", _Interrupted),
    ("refusal", "a refusal that is no known limit", _RefusedFile),
    ("psql", "a file that psql refuses", _PsqlRefuses),
)


def run(bench, template, judge):
    """0 when every oracle found its defect, and the same case without defect passes."""
    missed = 0
    seed = next(seed for seed in itertools.count() if _fits(random_case(seed))
                and judge(bench, random_case(seed), template)[0] == "passed")
    print(f"ok    seed {seed} passes as it is")
    for oracle, about, defect in _DEFECTS:
        verdict, what, message = judge(bench, random_case(seed), template, defect)
        found = (verdict, what) == ("failed", oracle)
        missed += not found
        print(f"{'ok  ' if found else 'FAIL'}  {oracle} finds {about}" + ("" if found else f": {verdict} {what} {message[-700:]}"))
    print(f"{len(_DEFECTS) - missed} defects found, {missed} missed")
    return 1 if missed else 0


def _fits(case):
    """Simple enough that each defect can be planted: one table, one change, writes that are compared."""
    return _target(case)[0] is not None and len(case.tables) == 1 and case.tables[0].audited
