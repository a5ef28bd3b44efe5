"""docs/lint/RULE.md, made from tests/lint/rules/RULE.sql: a bad script and a good one, what lint says of both, and what a server did
when both were run. The pages are written by script/lint-pages and compared by the oracle `lint`."""

import json
import os
import re
import subprocess
import tempfile

from . import lint_trace, lock_trace, pq, scenario

FOLDER = os.path.join(os.path.dirname(scenario.TESTS), "docs", "lint")
SAMPLES = os.path.join(scenario.TESTS, "lint", "rules")
MAJOR = 15  # of the server that the pages are made with
_SECTION = re.compile(r"^--: (.*)\n", re.M)


class Sample:
    """The scripts of a rule."""

    def __init__(self, rule):
        self.rule = rule
        with open(os.path.join(SAMPLES, rule + ".sql"), encoding="utf-8") as file:
            prose, *parts = _SECTION.split(file.read())
        self.prose = " ".join(line.lstrip("- ").strip() for line in prose.splitlines()).strip()
        self.sections = {name.strip(): text.strip() for name, text in zip(parts[::2], parts[1::2]) if not name.startswith("arguments")}
        self.arguments = next((name.split()[1:] for name in parts[::2] if name.startswith("arguments")), ["--pg-version", str(MAJOR)])
        self.before = self.sections.get("before", "")
        self.database = "database" in self.sections  # told only with a database at hand

    def application(self, side):
        """(role, statements) that the application runs before and after the script of that side."""
        for name, text in self.sections.items():
            words = name.split()
            if words[:2] == ["application", "of"] and words[2] == side:
                return None, lint_trace.statements(text)
        for name, text in self.sections.items():
            words = name.split()
            if words[0] == "application" and words[1:2] != ["of"]:
                return (words[1] if len(words) > 1 else None), lint_trace.statements(text)
        return None, []


class Run:
    """One side of a sample: what lint found, what the server did, what the application got."""

    def __init__(self, effects, answers, findings):
        self.effects = effects
        self.answers = answers  # [(statement, error or None)]
        self.findings = findings

    def stands_still(self):
        return set().union(*(effect.stands_still() for effect in self.effects)) if self.effects else set()

    def fails(self):
        return any(effect.error for effect in self.effects) or any(error for _, error in self.answers)


def rules(segue):
    """The rules that the program knows, in order: {id: (level, title, happens, instead, handled)}."""
    printed = subprocess.run([segue, "lint", "--rules"], capture_output=True, text=True, timeout=60, check=True).stdout
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in printed.splitlines()[2:]]
    return {re.search(r"`([\w-]+)`", row[0])[1]: tuple(cell.rstrip("| ") for cell in row[1:]) for row in rows}


def base():
    with open(os.path.join(SAMPLES, "base.sql"), encoding="utf-8") as file:
        return file.read()


def prepare(server):
    """What belongs to a whole server: a tablespace."""
    with server.connect("postgres") as session:
        if session.value("SELECT count(*) FROM pg_tablespace WHERE spcname = 'other_disk'") == "0":
            session.execute("SET allow_in_place_tablespaces = on")
            session.execute("CREATE TABLESPACE other_disk LOCATION ''")


def run(server, segue, sample, side):
    database = server.create("lint_" + re.sub(r"\W", "_", sample.rule))
    try:
        with server.connect(database) as session:
            for part in (base(), sample.before):
                for statement in lint_trace.statements(part):
                    session.execute(statement)
            session.execute("ANALYZE")
            for statement in lint_trace.statements(sample.sections.get("broken", "")):
                _failing(session, statement)
        at_hand = ("--url", server.url(database)) if sample.database else ()
        findings = lint(segue, sample, sample.sections[side], *at_hand)
        effects, answers = carry_out(server, database, sample.sections[side], *sample.application(side))
    finally:
        server.drop(database)
    return Run(effects, answers, findings)


def _failing(session, statement):
    try:
        session.execute(statement)
    except pq.DatabaseError:
        return
    raise AssertionError(f"does not fail: {statement}")


def carry_out(server, database, script, role, asked):
    """(effects of the script, answers to what the application asks behind it)"""
    with server.connect(database) as application:
        if role:
            application.execute(f"SET ROLE {role}")
        ready = _prepare(application, asked)
        effects = lint_trace.Trace(server, database).run(script)
        return effects, [(statement, _ask(application, name, statement)) for name, statement in ready]


def _prepare(application, asked):
    """As an application does: once, before anything is changed. What does not work yet is asked when its turn comes."""
    ready = []
    for number, statement in enumerate(asked):
        try:
            application.prepare(f"s{number}", statement)
            ready.append((f"s{number}", statement))
        except pq.DatabaseError:
            ready.append((None, statement))
    return ready


def _ask(application, name, statement):
    try:
        if name:
            application.run_prepared(name)
        else:
            application.execute(statement)
        return None
    except pq.DatabaseError as error:
        return error.message


def lint(segue, sample, script, *at_hand):
    with tempfile.TemporaryDirectory() as folder:
        others = {"other.sql": sample.sections["other"]} if "other" in sample.sections else {}
        for name, text in {"before.sql": base() + sample.before, **others, "script.sql": script}.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text + "\n")
        said = subprocess.run([segue, "lint", "--json", *sample.arguments, *at_hand, "--schema-file", "before.sql", *others, "script.sql"],
                              capture_output=True, text=True, timeout=60, check=False, cwd=folder)
    return [finding for finding in json.loads(said.stdout)["findings"] if finding["file"] == "script.sql"]


def path(rule):
    return os.path.join(FOLDER, rule + ".md")


def read(rule):
    try:
        with open(path(rule), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def wanted(sample, told, bad, good):
    """The page as it must be. told: what the program says of the rule; bad and good: a Run each."""
    level, title, happens, instead, handled = (*told, "")[:5]
    lines = [f"# {sample.rule}", "", f"{title}. Level: {level}." + (" `segue start` does this change without that harm." if handled else ""), ""]
    lines += [sample.prose, ""] if sample.prose else []
    if sample.before:
        lines += ["What is there already, besides the [tables of all pages](README.md#pages):", "", *_code(sample.before), ""]
    if "other" in sample.sections:
        lines += ["Another file that is given with it:", "", *_code(sample.sections["other"]), ""]
    lines += ["## Not so", "", *_code(sample.sections["bad"]), "", happens, ""]
    lines += _said(bad, sample.rule) + _traced(bad)
    lines += ["## But so", "", *_code(sample.sections["good"]), "", instead, ""]
    lines += _traced(good)
    lines.append("Accepted where it stands by `-- segue: allow " + sample.rule + " because \"…\"`. [All rules](README.md#rules)")
    return "\n".join(lines) + "\n"


def _code(sql):
    return ["```sql", sql, "```"]


def _said(one, rule):
    found = [f for f in one.findings if f["rule"] == rule]
    return ["`segue lint` says:", "", "```"] + [f"{f['line']}:{f['column']}: {f['level']}: {f['message']} [{rule}]" for f in found] + ["```", ""]


def _traced(one):
    lines = [f"What a server (PostgreSQL {MAJOR}) did:", "", "| statement | locks | who waits | meanwhile |", "|---|---|---|---|"]
    for effect in one.effects:
        if not lint_trace.code(effect.statement).startswith("SET lock_timeout"):
            lines.append(f"| {_shortly(effect.statement)} | {_locks(effect)} | {_waiting(effect)} | {_work(effect)} |")
    lines.append("")
    if one.answers:
        lines += ["What the application got behind it:", ""]
        lines += [f"* `{' '.join(statement.split())}`: {'`ERROR: ' + error + '`' if error else 'what it always got'}" for statement, error in one.answers]
        lines.append("")
    return lines


def _shortly(statement):
    words = " ".join(lint_trace.code(statement).split()).replace("|", "\\|")
    return f"`{words if len(words) <= 70 else words[:69] + '…'}`"


def _locks(effect):
    held = sorted({**effect.locks, **effect.indexes}.items(), key=lambda lock: (-lock_trace.strength(lock[1]), lock[0]))
    return "; ".join(f"{mode} on {name}" for name, mode in held)


def _waiting(effect):
    """Those who wait, and how long the statement waits at most while they wait behind it."""
    waiting = {effect.waits(name, mode) for name, mode in {**effect.locks, **effect.indexes}.items()}
    strongest = "reads and writes" if "reads and writes" in waiting else "writes" if "writes" in waiting else ""
    if not strongest:
        return "nobody" if effect.locks else ""
    until = ", until the transaction ends" if effect.in_transaction else ""
    return f"{strongest}{until}; " + (f"given up after {effect.patience}" if effect.patience else "asked for without end")


def _work(effect):
    if effect.error:
        return f"fails: {effect.error}"
    truncated = lint_trace.code(effect.statement).upper().startswith("TRUNCATE")
    parts = [f"{name} is emptied" if truncated else f"{name} is written anew" for name in sorted(effect.rewritten)]
    parts += [f"every row of {name} is read" for name in sorted(effect.read) if name not in effect.rewritten]
    parts += [f"{rows} row{'s' * (rows > 1)} of {name} {'are' if rows > 1 else 'is'} written" for name, rows in sorted(effect.written.items()) if name not in effect.rewritten]
    return "; ".join(parts)
