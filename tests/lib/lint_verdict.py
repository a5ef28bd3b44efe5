"""What `segue lint` and squawk say of the scripts of tests/lint/comparison, held against what was measured.

A harm that was measured is found by a tool when one of the rules that speak of this harm reports something in that script. A statement fails by
the rows that are there, too: rules about constraints and types speak of that as well. segue's notes do not count where others wait or a
statement fails.
"""

import json
import os
import subprocess
import tempfile

from .lint_corpus import BREAKS, FAILS, LOSES, MAJOR, ROWS, STALLS, base

# squawk's rules that speak of harm, and of which.
SQUAWK = {
    "require-concurrent-index-creation": {STALLS}, "require-concurrent-index-deletion": {STALLS, FAILS}, "require-concurrent-reindex": {STALLS},
    "require-concurrent-partition-detach": {STALLS, BREAKS, LOSES}, "constraint-missing-not-valid": {STALLS, BREAKS, FAILS},
    "adding-field-with-default": {STALLS}, "adding-foreign-key-constraint": {STALLS, FAILS}, "changing-column-type": {STALLS, BREAKS, FAILS},
    "adding-not-nullable-field": {STALLS, BREAKS, FAILS}, "adding-serial-primary-key-field": {STALLS, FAILS},
    "disallowed-unique-constraint": {STALLS, BREAKS, FAILS}, "prefer-repack": {STALLS}, "ban-create-domain-with-constraint": {STALLS},
    "ban-alter-domain-with-add-constraint": {STALLS, BREAKS, FAILS}, "renaming-column": {BREAKS}, "renaming-table": {BREAKS},
    "ban-drop-column": {BREAKS, LOSES, FAILS}, "ban-drop-table": {BREAKS, LOSES, FAILS}, "ban-drop-database": {LOSES, FAILS},
    "ban-drop-not-null": {BREAKS}, "prefer-identity": {BREAKS}, "adding-required-field": {BREAKS, FAILS}, "ban-truncate-cascade": {LOSES, BREAKS, FAILS},
    "ban-uncommitted-transaction": set(), "transaction-nesting": set(), "ban-concurrent-index-creation-in-transaction": {FAILS},
    "ban-duplicate-column-assignments": {FAILS}, "syntax-error": {FAILS},
}

_OF_COLUMNS = {"add-column-volatile-default", "add-column-serial", "add-column-identity", "add-column-stored", "add-column-domain", "add-column-check",
               "add-column-foreign-key", "add-column-key"}
_OF_KEYS = {"add-check", "add-foreign-key", "add-unique", "add-primary-key", "add-exclude", "create-index", "reindex", "index-tablespace"}
_OF_TABLES = {"rewrite-table", "refresh-materialized-view", "attach-partition", "create-partition", "domain-constraint", "lock-table", "work-under-lock",
              "validate-in-same-transaction", "query-in-migration", "set-not-null", "change-type", "drop-index", "do-block"}
_BREAKING = {"drop-column", "drop-table", "rename-column", "rename-table", "rename-object", "set-schema", "drop-object", "drop-cascade", "detach-partition",
             "row-security-without-policy", "create-rule", "drop-not-null", "drop-default", "change-owner", "change-type", "set-not-null", "add-check",
             "add-unique", "add-primary-key", "add-exclude", "truncate", "all-rows-at-once", "serial", "add-column-not-null", "domain-constraint", "alter-sequence", "disable-trigger", "refresh-materialized-view"}
_FAILING = {"add-check", "add-foreign-key", "add-unique", "add-primary-key", "add-exclude", "add-column-not-null", "add-column-check", "add-column-key",
            "add-column-foreign-key", "set-not-null", "change-type", "attach-partition", "create-partition", "detach-partition", "create-index", "domain-constraint",
            "drop-column", "drop-table", "drop-object", "drop-index", "truncate", "concurrently-in-transaction", "enum-value-in-transaction",
            "unreadable", "needs-newer-server", "column-twice", "refresh-materialized-view"}
_LOSING = {"drop-column", "drop-table", "drop-object", "drop-cascade", "detach-partition", "truncate", "all-rows-at-once", "row-security-without-policy"}

# segue's, likewise.
SEGUE = {rule: {harm for harm, rules in ((STALLS, _OF_COLUMNS | _OF_KEYS | _OF_TABLES), (BREAKS, _BREAKING), (LOSES, _LOSING), (FAILS, _FAILING),
                                         (ROWS, {"all-rows-at-once", "work-under-lock"})) if rule in rules}
         for rule in _OF_COLUMNS | _OF_KEYS | _OF_TABLES | _BREAKING | _LOSING | _FAILING}

# What segue says of what squawk's rule is about, one of these.
COUNTERPARTS = {
    "require-concurrent-index-creation": {"create-index"}, "require-concurrent-index-deletion": {"drop-index"}, "require-concurrent-reindex": {"reindex"},
    "require-concurrent-partition-detach": {"detach-partition"},
    "constraint-missing-not-valid": {"add-check", "add-foreign-key", "add-unique", "add-primary-key", "add-exclude", "validate-in-same-transaction"},
    "adding-field-with-default": _OF_COLUMNS,
    "adding-foreign-key-constraint": {"add-foreign-key", "add-column-foreign-key", "foreign-key-locks-both"},
    "changing-column-type": {"change-type"}, "adding-not-nullable-field": {"set-not-null", "add-column-not-null"},
    "adding-serial-primary-key-field": {"add-column-serial", "add-column-identity", "add-column-key", "add-primary-key"},
    "disallowed-unique-constraint": {"add-unique", "add-column-key"}, "prefer-repack": {"rewrite-table"},
    "ban-create-domain-with-constraint": {"create-domain"}, "ban-alter-domain-with-add-constraint": {"domain-constraint"},
    "renaming-column": {"rename-column"}, "renaming-table": {"rename-table"}, "ban-drop-column": {"drop-column"}, "ban-drop-table": {"drop-table"},
    "ban-drop-database": {"drop-object"}, "ban-drop-not-null": {"drop-not-null"}, "adding-required-field": {"add-column-not-null"},
    "ban-truncate-cascade": {"truncate", "drop-cascade"}, "ban-uncommitted-transaction": {"open-transaction"}, "transaction-nesting": {"nested-transaction"},
    "ban-concurrent-index-creation-in-transaction": {"concurrently-in-transaction"}, "ban-duplicate-column-assignments": {"column-twice"},
    "syntax-error": {"unreadable", "needs-newer-server"}, "require-lock-timeout": {"no-lock-timeout", "lock-timeout-off"},
    "prefer-robust-stmts": {"not-repeatable", "concurrently-if-not-exists"}, "prefer-identity": {"serial", "add-column-serial"}, "prefer-text-field": {"limited-text"},
    "ban-char-field": {"limited-text"}, "prefer-timestamp-tz": {"timestamp-without-zone"}, "identifier-too-long": {"long-name"},
    "prefer-bigint-over-int": {"small-key"}, "prefer-bigint-over-smallint": {"small-key"},
}

# Rules of squawk's that segue does without where it has no such finding, and why.
OMITTED = {
    "prefer-bigint-over-int": "An integer that is no key and refers to none counts pieces, years or stars; it does not run out. Keys, and columns made with REFERENCES, are `small-key`.",
    "prefer-bigint-over-smallint": "As for `prefer-bigint-over-int`.",
    "require-statement-timeout": "A statement that holds a strong lock for long is a finding by itself, and a limit on all statements ends what may last and harms nobody: "
                                 "VALIDATE CONSTRAINT and CREATE INDEX CONCURRENTLY, which then leaves an invalid index.",
    "require-enum-value-ordering": "ADD VALUE without BEFORE or AFTER appends, as is documented and mostly meant.",
    "unused-ignore": "It is about squawk's own comments; segue's are `unused-allow`.",
}
_LOUD = {"error", "warning"}
_WEIGHED = {STALLS, FAILS}  # where a note is not enough


def ask_segue(segue, scripts):
    """Fills in .alone and .knowing ({rule: level}) of each: asked without the schema, and with it."""
    with tempfile.TemporaryDirectory() as folder:
        _write(folder, "before.sql", base())
        for script in scripts:
            _write(folder, "script.sql", script.text)
            script.alone = _segue(segue, folder, "script.sql")
            script.knowing = _segue(segue, folder, "--schema-file", "before.sql", "script.sql")


def ask_squawk(squawk, scripts):
    """Fills in .squawk, the rules that it reports."""
    with tempfile.TemporaryDirectory() as folder:
        for script in scripts:
            _write(folder, "script.sql", script.text)
            said = _run(folder, [squawk, "--reporter", "json", "--pg-version", f"{MAJOR}.0", "script.sql"])
            script.squawk = sorted({finding["rule_name"] for finding in said})


def _write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def _run(folder, command):
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    if result.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)}: exit {result.returncode}\n{result.stderr}")
    return json.loads(result.stdout)


def _segue(segue, folder, *arguments):
    levels = ["note", "warning", "error"]
    found = {}
    for finding in _run(folder, [segue, "lint", "--json", "--pg-version", str(MAJOR), *arguments])["findings"]:
        before = found.get(finding["rule"], "note")
        found[finding["rule"]] = max(before, finding["level"], key=levels.index)
    return found


def squawk_finds(script, harm):
    return any(harm in SQUAWK.get(rule, ()) for rule in script.squawk)


def segue_finds(found, harm):
    return any(harm in SEGUE.get(rule, ()) for rule, level in found.items() if level in _LOUD or harm not in _WEIGHED)


def segue_errs(found):
    return sorted(rule for rule, level in found.items() if level == "error")


def misses(script):
    """The harms of which segue says nothing, without the schema or with it."""
    return sorted(harm for harm in script.harm if not segue_finds(script.alone, harm) or not segue_finds(script.knowing, harm))


def complaints(script):
    """What must not be, in words: squawk rightly says what segue does not, or segue calls an error what harms nobody."""
    wrong = [f"squawk finds that it {harm}, as was measured" for harm in misses(script) if squawk_finds(script, harm)]
    for rule in script.squawk:
        if not COUNTERPARTS.get(rule, set()) & set(script.alone) and not refuted(script, rule) and rule not in OMITTED:
            wrong.append(f"squawk says {rule}, and the run does not refute it")
    wrong += [f"harms nobody, and is an error: {rule}" for rule in wrong_errors(script)]
    return wrong


def refuted(script, rule):
    """Whether the run shows that what squawk's rule says does not happen in this script."""
    if rule in script.refuted:
        return True
    if rule == "require-lock-timeout":
        return not script.queues
    if rule == "prefer-robust-stmts":
        return not script.again
    told = SQUAWK.get(rule, set())
    # The application uses every table and nearly every column: a name that goes is missed.
    return bool(told & {STALLS, LOSES} or rule.startswith("renaming-")) and not told & script.harm


def wrong_errors(script):
    """A script without harm that is an error for segue, by the file alone or with the schema."""
    if script.harm:
        return []
    return sorted({*segue_errs(script.knowing), *([] if script.needs_schema else segue_errs(script.alone))})
