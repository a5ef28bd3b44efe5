"""docs/lint/comparison.md: what segue lint and squawk find of what was measured, in tables. Written by script/lint-comparison."""

import os

from . import lint_pages
from .lint_corpus import FAILS, HARMS, MAJOR
from .lint_verdict import COUNTERPARTS, OMITTED, SQUAWK, refuted, segue_errs, segue_finds, squawk_finds

PATH = os.path.join(lint_pages.FOLDER, "comparison.md")
_ORDER = list(HARMS)


def page(scripts, release, speed):
    """The whole page; speed: lines of what was measured of both programs' speed."""
    harmless = [script for script in scripts if not script.harm]
    lines = [
        "# segue lint and squawk", "",
        f"{len(scripts)} scripts ([tests/lint/comparison](../../tests/lint/comparison)) were each run on a copy of a filled database (PostgreSQL {MAJOR}), "
        f"to see what they do to others, and each read by `segue lint` and by squawk {release}, both told of that server. "
        "`script/lint-comparison` runs them and writes this page; it fails when squawk rightly says something that segue does not, "
        "or when segue calls a harmless script an error. `tests/run --oracle lint` holds what was measured against what segue says, and measures again.", "",
        "## What was found", "",
        "A harm was found when a rule that speaks of that harm reports something in the script; rules about constraints and types speak of failing, too, as they "
        "may by the rows that are there. segue's notes count where the harm is no standstill and no failure. squawk knows no schema; segue was asked without "
        "one, as well, and with it. Which rule speaks of what is a table in `tests/lib/lint_verdict.py`.", "",
        "| harm, as measured | scripts | squawk | segue | segue, with the schema |", "|---|---|---|---|---|"]
    for harm, words in HARMS.items():
        these = [script for script in scripts if harm in script.harm]
        lines.append(f"| {words} | {len(these)} | {_count(these, lambda s, h=harm: squawk_finds(s, h))} | "
                     f"{_count(these, lambda s, h=harm: segue_finds(s.alone, h))} | {_count(these, lambda s, h=harm: segue_finds(s.knowing, h))} |")
    hazardous = [script for script in harmless if any(rule in SQUAWK for rule in script.squawk)]
    lines += [
        "", "## What harms nobody", "",
        f"{len(harmless)} scripts did nothing of this. Any finding of squawk's makes its exit status 1; of segue's, errors do.", "",
        "| | squawk | segue | segue, with the schema |", "|---|---|---|---|",
        f"| exit status 1 | {_count(harmless, lambda s: s.squawk)} | {_count(harmless, lambda s: segue_errs(s.alone))} | "
        f"{_count(harmless, lambda s: segue_errs(s.knowing))} |",
        f"| a finding that is not of style, timeouts or repetition | {len(hazardous)} | {_count(harmless, lambda s: _warnings(s.alone))} | "
        f"{_count(harmless, lambda s: _warnings(s.knowing))} |", "",
        "Not all of these are false: a lock that is short, a name that goes although this application does not use it, a key that runs out are worth a word. "
        "An error is not.", "", *_needing(harmless),
        "## squawk's rules, one by one", "",
        "Refuted: the run shows that what it says does not happen there (nothing stands still, the script can be run again, no strong lock is asked for "
        "without an end). What harms no run and cannot be refuted, a name that goes or a type that is regretted later, is taken as said.", "",
        "| squawk | reported | refuted | segue says it as well | segue's rules |", "|---|---|---|---|---|"]
    lines += [_rule(rule, scripts) for rule in sorted({rule for script in scripts for rule in script.squawk})]
    lines += ["", "Left out, where segue has no such finding:", ""]
    lines += [f"* `{rule}`: {why}" for rule, why in OMITTED.items()]
    lines += ["", *speed, "", "## Script by script", "",
              "Locks: the strongest on each relation that was there before, without ACCESS SHARE. ms: how long its statements ran, in that run on that machine; "
              "0 of what is held back to look at its locks. segue: what it says of the file alone; an error is **bold**, a note in (parentheses). Rules about "
              "timeouts and repetition are left out."]
    lines += _table(scripts)
    return "\n".join(lines) + "\n"


def _needing(scripts):
    """Those where only the schema can tell."""
    found = [script for script in scripts if script.needs_schema and segue_errs(script.alone)]
    return [f"* {script.name}: an error by the file alone, as for squawk: {script.needs_schema}." for script in found] + [""]


def _count(scripts, found):
    return sum(1 for script in scripts if found(script))


def _warnings(found):
    return [rule for rule, level in found.items() if level != "note" and rule not in _QUIET]


_QUIET = {"no-lock-timeout", "lock-timeout-off", "not-repeatable", "require-lock-timeout", "require-statement-timeout", "prefer-robust-stmts",
          "prepared-select-star"}


def _rule(rule, scripts):
    said = [script for script in scripts if rule in script.squawk]
    stands = [script for script in said if not refuted(script, rule)]
    also = _count(stands, lambda s: COUNTERPARTS.get(rule, set()) & set(s.alone))
    ours = ", ".join(f"`{one}`" for one in sorted(COUNTERPARTS.get(rule, ()))) or "left out"
    return f"| `{rule}` | {len(said)} | {len(said) - len(stands)} | {also} of {len(stands)} | {ours} |"


def _table(scripts):
    lines, family = [], None
    for script in scripts:
        file, title = script.name.split(": ", 1)
        if file != family:
            lines += ["", f"### {file}", "", "| script | harm | what it did | ms | squawk | segue |", "|---|---|---|---|---|---|"]
            family = file
        harm = ", ".join(sorted(script.harm, key=_ORDER.index))
        if script.risk:
            harm = ", ".join(part for part in (harm, f"(later: {script.risk})") if part)
        squawk = ", ".join(rule for rule in script.squawk if rule not in _QUIET)
        lines.append(f"| {_cell(title)} | {harm} | {_cell(_did(script))} | {script.ms:.0f} | {squawk} | {_said(script.alone)} |")
    return lines


def _did(script):
    parts = [f"{name}: {mode}" for name, mode in sorted(script.locks.items())]
    parts += [f"{name} written anew" for name in script.rewritten]
    parts += [f"{name} read" for name in script.read if name not in script.rewritten]
    parts += [f"fails: {script.error}"] if FAILS in script.harm else []
    parts += [f"application: {script.application}"] if script.application else []
    return "; ".join(parts)


def _cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def _said(found):
    words = {"error": "**{}**", "warning": "{}", "note": "({})"}
    return ", ".join(words[level].format(rule) for rule, level in found.items() if rule not in _QUIET)
