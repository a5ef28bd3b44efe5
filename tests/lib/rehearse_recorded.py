"""What segue rehearse --traffic recorded promises, with statements that the real pg_stat_statements has recorded on a target."""

import json

from .program import REFUSED
from .report import require

_SCHEMA = [
    "CREATE TABLE kinds (id integer PRIMARY KEY, label text NOT NULL)",
    "CREATE TABLE people (id bigserial PRIMARY KEY, kind integer NOT NULL REFERENCES kinds, email text NOT NULL UNIQUE CHECK (email LIKE '%@%'),"
    " phone text, mood mood NOT NULL DEFAULT 'fair', token uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE, born date, tags text[])",
    "CREATE INDEX people_kind ON people (kind)",
    "CREATE TABLE visits (person bigint REFERENCES people, n integer, at timestamptz NOT NULL, note jsonb, PRIMARY KEY (person, n))",
    "INSERT INTO kinds SELECT i, 'kind ' || i FROM generate_series(1, 20) i",
    "INSERT INTO people (kind, email, phone, born, tags) SELECT 1 + i % 20, 'p' || i || '@example.org', '+' || i, date '1970-01-01' + i, ARRAY['t' || i % 9]"
    " FROM generate_series(1, 3000) i",
    "INSERT INTO visits SELECT 1 + i % 3000, i, now() - i * interval '1 minute', '{\"a\": 1}' FROM generate_series(1, 6000) i",
    "CREATE EXTENSION pg_stat_statements",
]
_OFTEN = "SELECT email, phone FROM people WHERE id = 7"
# What an application might say, with values that are not in the copy's way; how often.
_ASKED = [
    (_OFTEN, 300),
    ("SELECT p.email, v.note ->> 'a' FROM people p JOIN visits v ON v.person = p.id WHERE p.kind = 3 AND v.at > now() - interval '3 days' ORDER BY v.at LIMIT 5 OFFSET 2", 20),
    ("SELECT count(*) FROM people WHERE email IN ('p1@example.org', 'p2@example.org') AND born BETWEEN '1970-02-01' AND '1980-01-01'", 10),
    ("SELECT id FROM people WHERE mood = 'good' AND tags && ARRAY['t1']", 10),
    ("SELECT id FROM people WHERE id = ANY ('{1,2,3}') AND (kind, mood) = (4, 'fair')", 5),
    ("UPDATE people SET phone = '+49', born = '1999-09-09' WHERE id = 11", 30),
    ("INSERT INTO people (kind, email, mood) VALUES (5, 'fresh{n}@example.org', 'bad') RETURNING id", 10),
    ("INSERT INTO visits VALUES (17, 900{n}, now(), '{{}}') ON CONFLICT (person, n) DO UPDATE SET note = '{{\"b\": 2}}'", 10),
    ("WITH gone AS (DELETE FROM visits WHERE person = 23 RETURNING *) SELECT count(*) FROM gone", 3),
    ("UPDATE visits SET at = at + interval '1 second'", 1),
    ("SELECT date_trunc('day', at), count(*) FROM visits GROUP BY 1", 4),
]
_LEFT_OUT = {
    "BEGIN": "is no SELECT",
    "CREATE TEMP TABLE scratch (a integer)": "is no SELECT",
    "SELECT count(*) FROM pg_class": "nothing but the server's own catalogs",
    "SELECT pg_sleep(0.001)": "calls pg_sleep(), which may reach beyond the copy",
    "SELECT gone FROM gone_by_now": "cannot be prepared",
}
_MIGRATION = """
-- segue: up   people.contact = coalesce(phone, email)
-- segue: down people.phone = contact
ALTER TABLE people ADD COLUMN contact text NOT NULL;
ALTER TABLE people DROP COLUMN phone;
"""


def _record(ground, mood="CREATE TYPE mood AS ENUM ('bad', 'fair', 'good')"):
    database, segue = ground.plain_target(mood, *_SCHEMA)
    with ground.server.connect(database) as connection:
        connection.execute("CREATE TABLE gone_by_now (gone integer); SELECT pg_stat_statements_reset()")
        for text, times in _ASKED:
            for n in range(times):
                connection.execute(text.format(n=n) if "{" in text and "{1,2,3}" not in text else text)
        for text in _LEFT_OUT:
            connection.execute(text)
        connection.execute("ROLLBACK")
        connection.execute("DROP TABLE gone_by_now; ANALYZE")
    return database, segue


def _rehearse(ground, segue, file, *arguments, seconds=2):
    result = segue.run("rehearse", file, "--pg-bin", ground.server.bin_dir, "--traffic", "recorded", "--full", "--seconds", f"{seconds}s", "--json",
                       *arguments, timeout=300)
    require(result.code in (0, 1), str(result))
    return result.code, json.loads(result.out)["recorded"]


def _failures(report):
    """Findings that a statement fails. On a crowded machine others may take longer without the migration's doing: then their own figures must say so."""
    failures = []
    for line in report.get("findings", []):
        slow = [one for one in report["statements"] if line.endswith(f"({one['statement']})")]
        if " fails " in f" {line}" or not slow:
            failures.append(line)
        elif "while both versions are live" in line:
            require(slow[0]["live"] > 3 * slow[0]["before"] + 20, f"{line}: {slow[0]}")
        else:
            require(slow[0]["longest"] > 1000, f"{line}: {slow[0]}")
    return failures


def _one(report, words):
    found = [one for one in report["statements"] if words in one["statement"]]
    require(len(found) == 1, f"{words}: {[one['statement'] for one in report['statements']]}")
    return found[0]


def recorded(ground):
    """Statements of pg_stat_statements run before, during and while both are live, as often as they are called, with values of their columns; others are listed with the reason"""
    database, segue = _record(ground)
    # Is recorded, too.
    before = ground.value(database, "SELECT md5(string_agg(p::text, '|' ORDER BY id)) FROM people p")
    code, report = _rehearse(ground, segue, ground.file("contact", _MIGRATION))
    require(not _failures(report) and (code == 0 or "findings" in report), f"{code}: {report.get('findings')}")
    require(ground.value(database, "SELECT md5(string_agg(p::text, '|' ORDER BY id)) FROM people p") == before, "the target was written to")
    require(report["run"] == len(_ASKED) + 1, str(report))
    for one in report["statements"]:
        require(one["errors"] == 0, str(one))
        if "date_trunc" in one["statement"]:
            require(one["own_errors"] == one["runs"] > 0 and "22023" in one["own_error"], str(one))
        else:
            require(one["own_errors"] == 0, str(one))
            require(all(one[moment] is not None and one[moment] > 0 for moment in ("before", "live", "back")), f"was not run at each moment: {one}")
    often, seldom = _one(report, "SELECT email, phone"), _one(report, "&&")
    require(often["calls"] == 300 and often["runs"] > 4 * seldom["runs"], f"{often['runs']} and {seldom['runs']}")
    for words in ("DELETE", "SET at ="):
        require(_one(report, words)["rolled_back"] == _one(report, words)["runs"], str(_one(report, words)))
    require(_one(report, "INSERT INTO people")["rolled_back"] == 0, str(_one(report, "INSERT INTO people")))
    for text, why in _LEFT_OUT.items():
        words = text.split("(")[0]
        found = [one["why"] for one in report["left_out"] if one["statement"].startswith(words)]
        require(found and why in found[0], f"{text}: {found}; {report['left_out']}")
    ground.server.drop(database)


def failing(ground):
    """A recorded statement that fails, or takes longer, once both versions are live, is a finding"""
    database, segue = _record(ground)
    with ground.server.connect(database) as connection:
        # Slow for the application only, and by more than a crowded machine is. So many rows that a label that is written is hardly ever the one that stands there.
        connection.execute("CREATE FUNCTION public.slow(t text) RETURNS text LANGUAGE plpgsql STABLE AS $$BEGIN"
                           " IF current_setting('application_name') = 'segue recorded' THEN PERFORM pg_sleep(0.3); END IF; RETURN t; END$$")
        connection.execute("CREATE TABLE levels (id integer PRIMARY KEY, label text NOT NULL); INSERT INTO levels SELECT i, 'level ' || i FROM generate_series(1, 100) i")
        for _ in range(100):
            connection.execute("UPDATE levels SET label = 'other' WHERE id = 3")
            connection.execute("SELECT xmin, email FROM people WHERE id = 5")
    code, report = _rehearse(ground, segue, ground.file("contact", _MIGRATION))
    require(code == 1, str(report))
    failed = _one(report, "xmin")
    require(failed["errors"] > 0 and failed["own_errors"] == 0 and failed["error"].startswith("42703"), str(failed))
    failures = _failures(report)
    require(len(failures) == 1 and "42703" in failures[0] and "xmin" in failures[0], str(report["findings"]))
    code, report = _rehearse(ground, segue, ground.file("slow_label", "-- segue: up levels.upper = slow(label)\nALTER TABLE levels ADD COLUMN upper text NOT NULL;"),
                             seconds=5)
    require(code == 1, str(report))
    require(not _failures(report), str(report["findings"]))
    require(any("while both versions are live" in line and "UPDATE levels" in line for line in report["findings"]), str(report["findings"]))
    ground.server.drop(database)


def of_a_file(ground):
    """Statements of a file are run likewise; without any the rehearsal is refused before a server is started"""
    database, segue = ground.plain_target(*[line for line in ["CREATE TYPE mood AS ENUM ('bad', 'fair', 'good')", *_SCHEMA] if "EXTENSION" not in line])
    migration = ground.file("contact", _MIGRATION)
    result = segue.run("rehearse", migration, "--pg-bin", ground.server.bin_dir, "--traffic", "recorded")
    require(result.code == REFUSED and "the target has no pg_stat_statements" in result.err and "started" not in result.err, str(result))
    statements = ground.file("asked", "SELECT email FROM people WHERE phone = $1;\nINSERT INTO visits VALUES ($1, $2, $3, $4);\nVACUUM people;\n")
    code, report = _rehearse(ground, segue, migration, "--statements", statements)
    require(not _failures(report) and report["run"] == 2 and report["not_run"] == 1, str(report))
    require(all(one["errors"] == one["own_errors"] == 0 for one in report["statements"]), str(report))
    require(report["left_out"][0]["statement"] == "VACUUM people", str(report))
    ground.server.drop(database)


PROMISES = [recorded, failing, of_a_file]
SETTINGS = {"shared_preload_libraries": "pg_stat_statements"}
