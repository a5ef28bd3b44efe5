"""Real schemas go through ten migrations each, one after another on the same database under the traffic of both versions:
no error of any kind, and the schema and the rows are what psql makes of the files. One migration in three is rolled back
first; with --long every one, with longer traffic on all tables.

After a failure the live database goes on as psql would have it, so that the next migrations can be tried.
"""

import time

from . import corpus, psql
from .corpus_figures import Figures
from .corpus_step import Step
from .oracle_live import require_clean
from .oracle_schema import require_schema
from .traffic import Traffic

TASKS_PER_JOB = 2  # traffic at a fixed rate mostly waits

_ROLLED_BACK = 3  # one migration in so many
_OTHER_SERVERS = 5  # one corpus in so many on the servers after the first
_WORKERS = 2  # of each version
_SECONDS = 600  # that one migration may take at most, on a machine that has other things to do
_USER_TABLES = """
SELECT c.oid::regclass::text FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""


class Times:
    """How long traffic runs, in seconds."""

    def __init__(self, long):
        self.quiet = 1.0 if long else 0.3  # before start and after the end
        self.both = 8.0 if long else 0.8  # of both versions


def tasks(context):
    for server in context.servers:
        for number, one in enumerate(corpus.load(context.options.scenario)):
            part, parts = context.options.part if server is context.servers[0] else (-server.major, _OTHER_SERVERS)
            if number % parts == part % parts:
                yield lambda server=server, one=one: Run(context, server, one).all()


class Run:
    """One corpus on one server: the live database and the twin, from migration to migration."""

    def __init__(self, context, server, one):
        self.context = context
        self.server = server
        self.corpus = one
        self.long = context.options.long
        self.times = Times(self.long)
        self.live = self._make_filled()
        self.twin = self._make_twin()
        context.segue.on(server, self.live).must("init")
        self.figures = Figures(server, self.live)

    def all(self):
        for migration in self.corpus.migrations:
            if migration.runs_on(self.server):
                self._through(migration)
            else:
                self._skip(migration)
        self.context.report.note(self.figures.line(f"[{self.server.major}] {self.corpus.name}", self.live))
        self.server.drop(self.live)
        self.server.drop(self.twin)

    def _through(self, migration):
        step = Step(self.context, self.server, migration, self.live, self.twin)
        back = self.long or migration.number % _ROLLED_BACK == 0
        quiet, done = None, False
        with self.context.report.test(f"{step.label()}: schema and rows are what psql makes of the file"):
            quiet = step.quiet(back)
        if quiet and back:
            with self.context.report.test(f"{step.label()}: start and rollback under traffic have no error"):
                self._under_traffic(step, self._back)
        if quiet:
            with self.context.report.test(f"{step.label()}: start and complete under traffic have no error"):
                self._under_traffic(step, self._forward)
                done = True
        if not done:
            self._go_on_without(step, migration)
        step.drop()

    def _under_traffic(self, step, end):
        segue = self.context.segue.on(self.server, self.live)
        tables = () if self.long else ("--file", step.migration)
        with Traffic(segue, (*tables, *step.scenario.drive_arguments), _WORKERS, _WORKERS) as traffic:
            traffic.wait_for("old")
            time.sleep(self.times.quiet)
            segue.must("start", step.migration, "--pace", "50", timeout=_SECONDS)
            traffic.wait_for("new")
            time.sleep(self.times.both)
            traffic.require_running()
            end(step, segue, traffic)

    def _forward(self, step, segue, traffic):
        traffic.end_old()
        time.sleep(self.times.quiet)
        segue.must("complete", "--force", timeout=_SECONDS)
        time.sleep(self.times.quiet)
        self._require_clean(traffic)
        require_schema(step, self.live, step.wanted())
        self.figures.completed += 1

    def _back(self, step, segue, traffic):
        traffic.end_new()
        time.sleep(self.times.quiet)
        segue.must("rollback", timeout=_SECONDS)
        time.sleep(self.times.quiet)
        self._require_clean(traffic)
        require_schema(step, self.live, step.before())
        self.figures.rolled_back += 1

    def _require_clean(self, traffic):
        report, code = traffic.report()
        self.figures.add_traffic(report)
        require_clean(report, code)

    def _skip(self, migration):
        """Nothing is looked at; segue does it where it can, for the rows' sake."""
        psql.run_file(self.server, self.twin, migration.path)
        segue = self.context.segue.on(self.server, self.live)
        if segue.run("start", migration.path, "--pace", "100").code == 0:
            segue.must("complete")
        else:
            self._run_by_psql(migration)

    def _go_on_without(self, step, migration):
        """The live database becomes what psql makes of the one before."""
        self.server.drop(self.live)
        self.live = self.server.create(self.corpus.name, template=step.filled())
        self._run_by_psql(migration)

    def _run_by_psql(self, migration):
        """psql runs the file on the live database; when the rows do not let it, the twin without rows takes its place."""
        try:
            psql.run_file(self.server, self.live, migration.path)
        except RuntimeError:
            self.server.drop(self.live)
            self.live = self.server.create(self.corpus.name, template=self.twin)
            self.context.segue.on(self.server, self.live).must("init")

    def _make_filled(self):
        database = self.server.create(self.corpus.name)
        psql.run_file(self.server, database, self.corpus.schema_path)
        with self.server.connect(database) as connection:
            connection.execute("ANALYZE")
        return database

    def _make_twin(self):
        database = self.server.create(self.corpus.name + "_twin", template=self.live)
        with self.server.connect(database) as connection:
            connection.execute("TRUNCATE " + ", ".join(connection.column(_USER_TABLES)) + " CASCADE")
        return database
