"""What `segue lint` says of locks, rewrites and scans is what servers 12 to 18 were measured to do (tests/lint/)."""

import difflib
import json
import os
import re
import subprocess
import tempfile

from . import lint_corpus, lint_pages, lint_verdict
from .report import require

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lint")
_MAJORS = range(12, 19)
_SHORT = {"ACCESS EXCLUSIVE": "AX", "EXCLUSIVE": "X", "SHARE ROW EXCLUSIVE": "SRX", "SHARE": "S",
          "SHARE UPDATE EXCLUSIVE": "SUX", "ROW EXCLUSIVE": "RX", "ROW SHARE": "RS", "ACCESS SHARE": "AS"}
_BLOCKING = {"AX", "X", "SRX", "S"}
_NEW_FILE_ONLY = re.compile(r"^truncate\b")  # a REWRITE without a row: the new file is empty

# Rows come into these by way of their parents, or they are made with their rows.
_FILLED = {"events_p1", "events_p2", "pd_def", "mv_customers", "otx"}

# Said by the rules of style and of transactions: not what makes a statement block.
_NOT_ABOUT_BLOCKING = {"no-lock-timeout", "needs-newer-server", "default-trap", "small-key", "json"}

_LARGE = 10 << 20
_MEMORY = 64 << 20

_OF_SEGUE = {"wrong-annotation"}  # an error that the server knows nothing of
_ALLOWED_ONLY = {"unknown-rule"}  # the good script does what an annotation allows


class _Row:
    """A statement on one release."""

    def __init__(self, name, major, outcome, statement, setup):
        self.name, self.major, self.statement, self.setup = name, major, statement, setup
        self.error = outcome[4:] if outcome.startswith("ERR ") else None
        parts = [] if self.error else [part.strip() for part in outcome.split("|")]
        self.locks = dict(lock.rsplit(":", 1) for part in parts[:1] for lock in part.split())
        self.rewritten = self._named(parts, "REWRITE")
        self.scanned = {scan.split("~")[0] for scan in self._named(parts, "SCAN")} - self.rewritten

    @staticmethod
    def _named(parts, word):
        return {name for part in parts if part.startswith(word + " ") for name in part[len(word) + 1:].split(",")}


def measured():
    """{(name, major): row}; the rows of a narrower range, which come later, count."""
    rows = {}
    with open(os.path.join(FOLDER, "postgres-locks.tsv"), encoding="utf-8") as file:
        next(file)
        for line in file:
            name, majors, outcome, statement, setup = line.rstrip("\n").split("\t")
            first, _, last = majors.partition("-")
            for major in range(int(first), int(last or first) + 1):
                rows[name, major] = _Row(name, major, outcome, statement, setup)
    return list(rows.values())


def base():
    with open(os.path.join(FOLDER, "postgres-locks-base.sql"), encoding="utf-8") as file:
        return file.read()


def _existing(sql):
    """Tables, views and sequences that the script makes, those of identity columns too."""
    made = set(re.findall(r"create (?:unlogged )?(?:table|view|materialized view|sequence) (\w+)", sql))
    return made | {"orders_id_seq"}


def _filled(sql):
    return set(re.findall(r"insert into (\w+)", sql)) | _FILLED


def _lint(segue, folder, row, *arguments):
    path = os.path.join(folder, "statement.sql")
    with open(path, "w", encoding="utf-8") as file:
        file.write(row.statement + ";\n")
    result = subprocess.run([segue, "lint", "--json", "--effects", "--pg-version", str(row.major), *arguments, path],
                            capture_output=True, text=True, timeout=60, check=False)
    require(result.returncode in (0, 1), f"exit {result.returncode}\n{result.stderr}")
    return json.loads(result.stdout)


def _lint_knowing(segue, folder, row):
    setup = os.path.join(folder, "setup.sql")
    with open(setup, "w", encoding="utf-8") as file:
        file.write(row.setup + ";\n")
    base = os.path.join(FOLDER, "postgres-locks-base.sql")
    return _lint(segue, folder, row, "--schema-file", base, "--schema-file", setup)


def _said(found, row, existing):
    """(locks, rewritten, scanned) of what lint says, in the words of the measurement."""
    dropped = re.match(r"drop (?:table|view|materialized view|sequence) (\w+)", row.statement)
    locks, rewritten, scanned = {}, set(), set()
    order = list(_SHORT.values())
    for statement in found["statements"]:
        for lock in statement["locks"]:
            name, mode = lock["relation"], _SHORT[lock["mode"]]
            if name not in existing or (dropped and name == dropped[1]):
                continue
            if mode != "AS" and (name not in locks or order.index(mode) < order.index(locks[name])):
                locks[name] = mode
            if lock["rewrite"] != "no":
                rewritten.add(name + ("" if lock["rewrite"] == "yes" else "?"))
            if lock["scan"] != "no":
                scanned.add(name + ("" if lock["scan"] == "yes" else "?"))
    return locks, rewritten, scanned - rewritten


def compare(row, found):
    """What differs, in words; None when all agrees."""
    sql = base() + ";" + row.setup
    existing = _existing(sql)
    renamed = re.search(r"(\w+) rename to (\w+)$", row.statement)
    names = {renamed[2]: renamed[1]} if renamed else {}
    locks = {names.get(name, name): mode for name, mode in row.locks.items()}
    locks = {name: mode for name, mode in locks.items() if name in existing}
    filled = _filled(sql)
    said_locks, said_rewritten, said_scanned = _said(found, row, existing)
    rewritten = set() if _NEW_FILE_ONLY.match(row.statement) else row.rewritten & existing
    scanned = {name for name in said_scanned if name.rstrip("?") in filled}
    wrong = []
    for what, measured, said in (("locks", locks, said_locks), ("rewrites", rewritten, said_rewritten),
                                 ("scans", row.scanned & existing, scanned)):
        if measured != said:
            wrong.append(f"{what}: measured {_words(measured)}, said {_words(said)}")
    return "; ".join(wrong) or None


def _words(value):
    if isinstance(value, dict):
        return " ".join(f"{name}:{mode}" for name, mode in sorted(value.items())) or "none"
    return " ".join(sorted(value)) or "none"


def _is_long(row):
    """Blocks others for as long as a table that was there before is large."""
    if row.error or _NEW_FILE_ONLY.match(row.statement):
        return False
    existing = _existing(base() + ";" + row.setup)
    blocking = any(mode in _BLOCKING and name in existing for name, mode in row.locks.items())
    return blocking and bool((row.rewritten | row.scanned) & existing)


def tasks(context):
    rows = measured()
    for major in _MAJORS:
        yield lambda major=major: _of_release(context, [row for row in rows if row.major == major], major)
    yield lambda: _hazards(context, rows)
    for name in sorted(os.listdir(FOLDER)):
        if re.match(r"\d+_.*\.sql$", name):
            yield lambda name=name: _file(context, name)
    yield lambda: _hazard_page(context)
    yield from _pages(context)
    yield from _comparison(context)
    yield lambda: _memory(context)


def _memory(context):
    """The file itself is kept; what is found in it is not."""
    statement = "ALTER TABLE orders ADD CONSTRAINT c{n} CHECK (amount > {n}); CREATE INDEX i{n} ON customers (name, email);\n"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file, open(os.devnull, "wb") as nowhere:
        n = 0
        while file.tell() < _LARGE:
            file.writelines(statement.format(n=n + i) for i in range(1000))
            n += 1000
        file.flush()
        for form in ("json", "text"):
            with context.report.test(f"lint as {form} of {_LARGE >> 20} MB with findings everywhere takes less than {_MEMORY >> 20} MB"):
                process = subprocess.Popen([context.segue.path, "lint", "--format", form, file.name], stdout=nowhere)
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                require(process.returncode == 1, f"exit {process.returncode}")
                require(used.ru_maxrss * 1024 < _MEMORY, f"{used.ru_maxrss} kB")


def _comparison(context):
    """The scripts with which segue is compared with squawk (script/lint-comparison): said as when the page was made, measured anew."""
    stored, scripts = lint_corpus.stored(), lint_corpus.scripts()
    yield lambda: _kept(context, scripts, stored)
    for family in sorted({script.family for script in scripts}):
        yield lambda family=family: _said_of(context, family, [script for script in scripts if script.family == family], stored)
    server = next((one for one in context.servers if one.major == lint_corpus.MAJOR), None)
    part, parts = context.options.part
    if server:
        yield lambda: _measured_again(context, server, scripts[part::parts], stored)


def _kept(context, scripts, stored):
    with context.report.test("each script of tests/lint/comparison has a row of what was measured, and there is no other"):
        require({script.name for script in scripts} == set(stored), "script/lint-comparison measures them")


def _said_of(context, family, scripts, stored):
    with context.report.test(f"lint finds in {family} what squawk rightly says and all it ever found, and calls nothing harmless an error"):
        wrong = []
        scripts = [script for script in scripts if script.name in stored]
        lint_verdict.ask_segue(context.segue.path, scripts)
        for script in scripts:
            lint_corpus.recall(script, stored[script.name])
            now = lint_verdict.misses(script)
            wrong += [f"{script.name}: {one}" for one in lint_verdict.complaints(script)]
            wrong += [f"{script.name}: misses {now}, not {script.misses}: script/lint-comparison keeps it"] if now != script.misses else []
        require(scripts and not wrong, "\n".join(wrong))


def _measured_again(context, server, scripts, stored):
    bench = lint_corpus.Bench(server)
    for script in scripts:
        bench.measure(script)
        with context.report.test(f"[{server.major}] {script.name}: does what was measured"):
            now = script.measured()
            kept = stored.get(script.name, [])[:len(now)]
            require(lint_corpus.without_read(kept) == lint_corpus.without_read(now), f"kept {kept}\nnow  {now}")


def _pages(context):
    """A page for each rule; what servers do is looked at for a part of them with --part."""
    rules = lint_pages.rules(context.segue.path)
    yield lambda: _whole(context, rules)
    server = next((one for one in context.servers if one.major == lint_pages.MAJOR), None)
    part, parts = context.options.part
    if server:
        lint_pages.prepare(server)
    for number, rule in enumerate(rules):
        yield lambda rule=rule: _sample(context, rule)
        if server and number % parts == part:
            yield lambda rule=rule: _page(context, server, rule, rules[rule])


def _whole(context, rules):
    with context.report.test("docs/lint has a page for each rule, and tests/lint/rules its scripts, and no others"):
        for folder, end, others in ((lint_pages.FOLDER, ".md", {"README", "comparison", "durations", "hazards"}), (lint_pages.SAMPLES, ".sql", {"base"})):
            there = {name[:-len(end)] for name in os.listdir(folder) if name.endswith(end)}
            require(there == {*rules, *others}, f"{folder}: {sorted(there ^ {*rules, *others})}")


def _sample(context, rule):
    sample = lint_pages.Sample(rule)
    if sample.database:
        return
    with context.report.test(f"lint finds {rule} in its bad script, and nothing like it in the good one"):
        bad = lint_pages.lint(context.segue.path, sample, sample.sections["bad"])
        good = lint_pages.lint(context.segue.path, sample, sample.sections["good"])
        require(any(finding["rule"] == rule for finding in bad), f"bad: {bad}")
        require(not any(finding["rule"] == rule or finding["level"] == "error" for finding in good), f"good: {good}")


def _page(context, server, rule, told):
    sample = lint_pages.Sample(rule)
    bad, good = (lint_pages.run(server, context.segue.path, sample, side) for side in ("bad", "good"))
    with context.report.test(f"[{server.major}] docs/lint/{rule}.md says what lint says and the server does"):
        lines = difflib.unified_diff(lint_pages.read(rule).splitlines(), lint_pages.wanted(sample, told, bad, good).splitlines(),
                                     "page", "now", n=0, lineterm="")
        difference = "\n".join(lines)
        require(not difference, f"script/lint-pages brings it up to date:\n{difference}")
    if sample.database:
        with context.report.test(f"[{server.major}] lint --url finds {rule} in its bad script, and nothing like it in the good one"):
            require(any(f["rule"] == rule and f["level"] != "note" for f in bad.findings), f"bad: {bad.findings}")
            require(not any(f["rule"] == rule and f["level"] != "note" or f["level"] == "error" for f in good.findings), f"good: {good.findings}")
    with context.report.test(f"[{server.major}] {rule}: the bad script does harm if it is an error, the good one none"):
        if any(f["rule"] == rule and f["level"] == "error" for f in bad.findings) and rule not in _OF_SEGUE:
            require(bad.stands_still() or bad.fails(), "nobody waits for the bad script, and nothing fails")
        if rule not in _ALLOWED_ONLY:
            require(not good.stands_still(), f"those who use {good.stands_still()} wait for as long as they are large")
        require(not good.fails(), f"fails: {[e.error for e in good.effects if e.error]} {good.answers}")


def _of_release(context, rows, major):
    agreed = 0
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            found = _lint_knowing(context.segue.path, folder, row)
            if row.error:
                with context.report.test(f"[{major}] lint {row.name}: a syntax error there is an error here"):
                    refused = any(finding["level"] == "error" for finding in found["findings"])
                    require(refused or "syntax error" not in row.error, f"measured: {row.error}")
                continue
            wrong = compare(row, found)
            agreed += wrong is None
            with context.report.test(f"[{major}] lint {row.name}: locks, rewrites and scans as measured"):
                require(wrong is None, f"{row.statement}\n{wrong}")
    measured = sum(1 for row in rows if not row.error)
    context.report.note(f"lint on {major}: {agreed} of {measured} statements agree with the server")


def _hazards(context, rows):
    """With the schema and without it: what blocks is found, what does not is no error."""
    long_ones = {row.name for row in rows if _is_long(row)}
    latest = {row.name: row for row in sorted(rows, key=lambda row: row.major) if not row.error}
    found_with, found_without = set(), set()
    with tempfile.TemporaryDirectory() as folder:
        for row in latest.values():
            sql = base() + ";" + row.setup
            empty = _existing(sql) - _filled(sql)  # what it does to rows could not be measured
            for knows, found_ones in ((True, found_with), (False, found_without)):
                lint = _lint_knowing if knows else _lint
                findings = lint(context.segue.path, folder, row)["findings"]
                told = [f for f in findings if f["level"] != "note" and f["rule"] not in _NOT_ABOUT_BLOCKING]
                how = "knowing the schema" if knows else "from the file alone"
                if row.name in long_ones:
                    found_ones.update([row.name] if told else [])
                    with context.report.test(f"lint finds {how} that {row.name} blocks for long"):
                        require(told, f"{row.statement}\n{findings}")
                else:
                    with context.report.test(f"lint calls {row.name} no error {how}"):
                        errors = [f for f in findings if f["level"] == "error" and f["relation"] not in empty]
                        require(not errors, f"{row.statement}\n{errors}")
    context.report.note(f"lint: of {len(long_ones)} statements that block for long {len(found_with)} are found knowing the"
                        f" schema, {len(found_without)} from the file alone")
    with context.report.test("lint was tried on all long blockers that were measured"):
        require(len(long_ones) >= 76, f"only {len(long_ones)} are in the table")


def _hazard_page(context):
    """docs/lint/hazards.md: each hazard of the list has a row, and what the row says is so."""
    with open(os.path.join(FOLDER, "hazards.tsv"), encoding="utf-8") as file:
        hazards = [tuple(line.rstrip("\n").split("\t")) for line in file][1:]
    rows = _table(os.path.join(lint_pages.FOLDER, "hazards.md"))
    with context.report.test("docs/lint/hazards.md has a row for each hazard of tests/lint/hazards.tsv, and no other"):
        there = [tuple(row[:2]) for row in rows]
        require(there == hazards and hazards, f"{set(there) ^ set(hazards)}")
    for number, hazard, script, rules, why in rows:
        with context.report.test(f"lint of hazard {number} ({hazard}): {rules or 'no rule'}"):
            _require_hazard(context.segue.path, script, rules, why)


def _table(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def _require_hazard(segue, script, rules, why):
    names = re.findall(r"\[`([\w-]+)`\]\([\w-]+\.md\)( with --url)?", rules)
    require(bool(names) != bool(why), "a rule, or the reason why there is none")
    written = re.match(r"`(.*)`(?: \((\d+)\))?$", script)
    if not written:
        require(why and not script, f"no script: {script}")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "script.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(written[1].replace("\\|", "|").replace("; ", ";\n") + ";\n")
        said = subprocess.run([segue, "lint", "--json", "--pg-version", written[2] or "18", "--schema-file",
                               os.path.join(FOLDER, "postgres-locks-base.sql"), path], capture_output=True, text=True, timeout=60, check=False)
    findings = json.loads(said.stdout)["findings"]
    for name, with_url in names:
        if with_url:
            require(lint_pages.Sample(name).database, f"{name} needs no database")
        else:
            require(any(finding["rule"] == name for finding in findings), f"no {name}: {findings}")
    require(names or not any(finding["level"] == "error" for finding in findings), f"an error of what harms nobody: {findings}")


def _file(context, name):
    path = os.path.join(FOLDER, name)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    expected = sorted(re.findall(r"^-- expect: (\d+ \w+ [\w-]+)$", text, re.M))
    arguments = " ".join(re.findall(r"^-- arguments: (.*)$", text, re.M)).split()
    with context.report.test(f"lint {name}: {', '.join(expected) or 'nothing'}"):
        require(expected or "-- expect: nothing" in text, "the file does not say what to expect")
        result = subprocess.run([context.segue.path, "lint", "--json", *arguments, path], capture_output=True,
                                text=True, timeout=60, check=False, cwd=os.path.dirname(os.path.dirname(FOLDER)))
        findings = json.loads(result.stdout)["findings"]
        found = sorted(f"{f['line']} {f['level']} {f['rule']}" for f in findings)
        require(found == expected, f"found {found}")
        errors = any(f["level"] == "error" for f in findings)
        require(result.returncode == (1 if errors else 0), f"exit {result.returncode}")
