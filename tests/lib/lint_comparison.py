"""segue lint and squawk on the same scripts, judged by what a server did when each script was run on a filled database."""

import json
import os
import re
import subprocess
import tempfile

from . import lint_pages, lint_trace, lock_trace, oracle_lint, pq

# What is said of any statement, whatever it does to those who use the database.
GENERAL = {"require-lock-timeout", "require-statement-timeout", "require-timeout-settings", "prefer-robust-stmts", "require-table-schema"}
_LEVELS = ("error", "warning")


class Script:
    """A script, what is there before it, and what the application asks behind it."""

    def __init__(self, name, before, text, role=None, asked=()):
        self.name, self.before, self.text, self.role, self.asked = name, before, text, role, list(asked)
        self.effects, self.answers, self.ms = [], [], 0.0
        self.squawk, self.alone, self.knowing = [], [], []

    def harm(self):
        """What a server was seen to do to others, in words; empty: nothing."""
        found = []
        still = set().union(*(effect.stands_still() for effect in self.effects)) if self.effects else set()
        if still:
            found.append("others wait for as long as the table is large")
        if any(effect.error for effect in self.effects):
            found.append("fails")
        if any(error for _, error in self.answers):
            found.append("the application fails")
        return found

    def locks(self):
        strongest = {}
        for effect in self.effects:
            for name, mode in {**effect.locks, **effect.indexes}.items():
                if name not in strongest or lock_trace.strength(mode) > lock_trace.strength(strongest[name]):
                    strongest[name] = mode
        return "; ".join(f"{name}: {mode}" for name, mode in sorted(strongest.items()))


def corpus():
    """The statements of tests/lint/postgres-locks.tsv, and both scripts of each rule's page."""
    with open(os.path.join(oracle_lint.FOLDER, "postgres-locks-base.sql"), encoding="utf-8") as file:
        base = file.read()
    rows = {row.name: row for row in oracle_lint.measured()}
    for row in rows.values():
        yield base, Script("statement/" + row.name, row.setup, row.statement + ";")
    for name in sorted(os.listdir(lint_pages.SAMPLES)):
        if name == "base.sql":
            continue
        sample = lint_pages.Sample(name[:-len(".sql")])
        for side in ("bad", "good"):
            role, asked = sample.application(side)
            yield lint_pages.base(), Script(f"{sample.rule}/{side}", sample.before, sample.sections[side], role, asked)


def measure(server, base, script, templates):
    """Runs the script on a database of its own."""
    if base not in templates:
        templates[base] = server.create("filled")
        with server.connect(templates[base]) as session:
            for statement in lint_trace.statements(base):
                session.execute(statement)
            session.execute("ANALYZE")
    database = server.create("script", templates[base])
    try:
        with server.connect(database) as session:
            for statement in lint_trace.statements(script.before):
                try:
                    session.execute(statement)
                except pq.DatabaseError as error:
                    raise RuntimeError(f"{script.name}: {statement}: {error}") from error
        script.effects, script.answers = lint_pages.carry_out(server, database, script.text, script.role, script.asked)
        script.ms = 1000 * sum(effect.seconds for effect in script.effects)
    finally:
        server.drop(database)


def ask(segue, squawk, scripts, bases, major):
    """What both say of each script, file by file; segue also with the schema at hand."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for number, script in enumerate(scripts):
            paths[f"{number}.sql"] = script
            with open(os.path.join(folder, f"{number}.sql"), "w", encoding="utf-8") as file:
                file.write(script.text + "\n")
        said = subprocess.run([squawk, "--reporter", "json", "--pg-version", f"{major}.0", *paths], cwd=folder,
                              capture_output=True, text=True, timeout=300, check=False).stdout
        for finding in json.loads(said):
            paths[os.path.basename(finding["file"])].squawk.append(finding["rule_name"])
        for name, script in paths.items():
            script.alone = _lint(segue, folder, major, name)
            with open(os.path.join(folder, "before.sql"), "w", encoding="utf-8") as file:
                file.write(bases[script.name] + script.before + "\n")
            script.knowing = _lint(segue, folder, major, "--schema-file", "before.sql", name)


def _lint(segue, folder, major, *arguments):
    said = subprocess.run([segue, "lint", "--json", "--pg-version", str(major), *arguments], cwd=folder, capture_output=True,
                          text=True, timeout=60, check=False).stdout
    return [(finding["rule"], finding["level"]) for finding in json.loads(said)["findings"]]


def told_by_squawk(script):
    return sorted({rule for rule in script.squawk if rule not in GENERAL})


def told_by_segue(findings, levels=_LEVELS):
    return sorted({rule for rule, level in findings if level in levels and rule not in ("no-lock-timeout",)})


def page(scripts, major, release, speed):
    """docs/lint/comparison.md"""
    harmful = [script for script in scripts if script.harm()]
    harmless = [script for script in scripts if not script.harm()]
    lines = ["# segue lint and squawk", "",
             f"{len(scripts)} scripts, each run on a filled database of its own (PostgreSQL {major}) to see what it does to others, and each read "
             f"by `segue lint` and by squawk {release}. `script/lint-comparison` makes this page and [comparison.tsv](comparison.tsv).", "",
             "A script does harm when others wait for something that lasts as long as a table is large, when a statement of it fails, or when a "
             "statement that the application had prepared fails behind it. A tool has found it when it says something about that very script: what "
             "is said of any statement (timeouts, IF EXISTS, schemas) does not count, nor do segue's notes. squawk knows no schema; segue is asked "
             "without one, and with it.", "",
             "| | scripts | squawk | segue | segue, with the schema |", "|---|---|---|---|---|"]
    ways = (told_by_squawk, lambda s: told_by_segue(s.alone), lambda s: told_by_segue(s.knowing))
    for harm in ("others wait for as long as the table is large", "fails", "the application fails"):
        these = [script for script in harmful if script.harm()[0] == harm]
        lines.append(f"| {harm}: found | {len(these)} | " + " | ".join(str(sum(1 for s in these if way(s))) for way in ways) + " |")
    errors = (lambda s: told_by_squawk(s), lambda s: told_by_segue(s.alone, ("error",)), lambda s: told_by_segue(s.knowing, ("error",)))
    lines.append(f"| harmless: said something | {len(harmless)} | " + " | ".join(str(sum(1 for s in harmless if way(s))) for way in ways) + " |")
    lines.append(f"| harmless: an error | {len(harmless)} | (has one level) | "
                 + " | ".join(str(sum(1 for s in harmless if way(s))) for way in errors[1:]) + " |")
    lines += ["", *speed, ""]
    lines += _listed("## Harm that squawk finds and segue does not", [s for s in harmful if told_by_squawk(s) and not told_by_segue(s.alone)])
    lines += _listed("## Harm that segue finds and squawk does not", [s for s in harmful if told_by_segue(s.alone) and not told_by_squawk(s)])
    lines += _listed("## Harm that neither finds", [s for s in harmful if not told_by_segue(s.alone) and not told_by_squawk(s)])
    lines += _listed("## Harmless, and an error for segue", [s for s in harmless if errors[1](s) or errors[2](s)])
    return "\n".join(lines)


def _listed(title, scripts):
    if not scripts:
        return [title, "", "None.", ""]
    lines = [title, "", "| script | what it is | squawk | segue | segue, with the schema |", "|---|---|---|---|---|"]
    for script in scripts:
        words = " ".join(re.sub(r"--[^\n]*", "", script.text).split()).replace("|", "\\|")
        lines.append(f"| {script.name} | `{words if len(words) <= 110 else words[:109] + '…'}` | {', '.join(told_by_squawk(script))} | "
                     f"{', '.join(told_by_segue(script.alone))} | {', '.join(told_by_segue(script.knowing))} |")
    return [*lines, ""]


def table(scripts):
    """docs/lint/comparison.tsv: what was measured, and what was said."""
    lines = ["script\tharm\tlocks\twritten anew\tread\tms\tsquawk\tsegue\tsegue with the schema"]
    for script in scripts:
        rewritten = sorted({name for effect in script.effects for name in effect.rewritten})
        read = sorted({name for effect in script.effects for name in effect.read})
        lines.append("\t".join([script.name, "; ".join(script.harm()), script.locks(), " ".join(rewritten), " ".join(read), f"{script.ms:.1f}",
                                " ".join(sorted(set(script.squawk))), " ".join(sorted({f"{rule}:{level}" for rule, level in script.alone})),
                                " ".join(sorted({f"{rule}:{level}" for rule, level in script.knowing}))]))
    return "\n".join(lines) + "\n"
