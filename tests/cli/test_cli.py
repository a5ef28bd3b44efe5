#!/usr/bin/env python3
"""The command line as a user meets it, without a database.

usage: test_cli.py SEGUE SOURCE-ROOT PACKAGING-BUILD-DIR
"""

import importlib.util
import json
import os
import pathlib
import pty
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import outcome

SEGUE, SOURCE, PACKAGING = (os.path.abspath(path) for path in sys.argv[1:4])
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "SEGUE_")) and k != "NO_COLOR"}
NOWHERE = "postgresql://nobody:s3cret@127.0.0.1:1/nothing"


def segue(*arguments, **environment):
    return subprocess.run(
        [SEGUE, *arguments], env={**ENVIRONMENT, **environment}, capture_output=True, text=True, timeout=60
    )


def on_a_terminal(*arguments, **environment):
    """What segue prints when its output is a terminal."""
    parent, child = pty.openpty()
    env = {**ENVIRONMENT, "TERM": "xterm", **environment}
    process = subprocess.Popen([SEGUE, *arguments], stdout=child, stderr=child, stdin=child, env=env)
    os.close(child)
    printed = b""
    try:
        while chunk := os.read(parent, 4096):
            printed += chunk
    except OSError:  # Linux says EIO when the other end is closed
        pass
    os.close(parent)
    process.wait(timeout=60)
    return printed.decode()


def command_names():
    listed = segue("--help").stdout.split("\nCommands\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", listed, re.M)


COMMANDS = command_names()


class Help(unittest.TestCase):
    def test_every_command_of_the_contract_is_there(self):
        contract = "init lint plan rehearse start status pause resume verify complete rollback history pending baseline audit export use url gateway ramp compare drive demo help completion"
        self.assertEqual(sorted(contract.split()), sorted(COMMANDS))

    def test_every_command_has_help_and_it_ends_with_0(self):
        for name in COMMANDS:
            for line in ([name, "--help"], ["help", name], [name, "-h"]):
                result = segue(*line)
                self.assertEqual(result.returncode, 0, line)
                self.assertIn(f"Usage: segue {name}", result.stdout)
                self.assertEqual(result.stderr, "")

    def test_help_fits_the_width_of_the_terminal(self):
        for name in COMMANDS:
            for line in segue(name, "--help", COLUMNS="80").stdout.splitlines():
                if "Usage:" not in line and not line.startswith("  segue ") and " " in line.strip():
                    self.assertLessEqual(len(line), 80, f"{name}: {line}")

    def test_without_a_command_the_help_goes_to_stderr(self):
        result = segue()
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("Commands", result.stderr)

    def test_the_version_is_printed(self):
        self.assertRegex(segue("--version").stdout, r"^segue \d+\.\d+\.\d+\n$")

    def test_the_reference_page_is_what_the_program_prints(self):
        page = pathlib.Path(SOURCE, "docs", "cli.md").read_text(encoding="utf-8")
        self.assertEqual(page, segue("help", "--markdown").stdout, "segue help --markdown > docs/cli.md")


class ManPages(unittest.TestCase):
    def page(self, name):
        return segue("help", "--man", *([name] if name else [])).stdout

    def test_every_command_has_one_and_it_is_installed(self):
        for name in COMMANDS:
            self.assertIn(f".TH SEGUE\\-{name.upper()} 1", self.page(name))
            self.assertTrue(pathlib.Path(PACKAGING, f"segue-{name}.1").exists(), f"{name}: not in packaging/meson.build")

    def test_they_are_ascii_with_the_sections_of_man_pages_7(self):
        for name in [None, *COMMANDS]:
            page = self.page(name)
            self.assertTrue(page.isascii(), name)
            for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "SEE ALSO"):
                self.assertIn(f".SH {section}\n", page, name)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_groff_has_no_complaint(self):
        for name in [None, *COMMANDS]:
            result = subprocess.run(
                ["groff", "-man", "-ww", "-Tascii", "-z"], input=self.page(name), capture_output=True, text=True
            )
            self.assertEqual((result.returncode, result.stderr), (0, ""), name)


class Completion(unittest.TestCase):
    def complete(self, *words):
        """What bash would offer for the last word."""
        script = segue("completion", "bash").stdout
        quoted = " ".join(f"'{word}'" for word in words)
        ask = f"{script}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _segue; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        result = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, cwd=SOURCE)
        return result.stdout.split()

    def test_the_scripts_parse(self):
        for shell in ("bash", "zsh", "fish"):
            if shutil.which(shell):
                script = segue("completion", shell).stdout
                result = subprocess.run([shell, "-n", "/dev/stdin"], input=script, capture_output=True, text=True)
                self.assertEqual((result.returncode, result.stderr), (0, ""), shell)

    def test_bash_offers_commands_options_and_words(self):
        self.assertEqual(sorted(self.complete("segue", "")), sorted(COMMANDS))
        self.assertEqual(self.complete("segue", "rol"), ["rollback"])
        self.assertEqual(self.complete("segue", "plan", "--sq"), ["--sql"])
        self.assertEqual(self.complete("segue", "--url", "x", "completion", "z"), ["zsh"])
        self.assertIn("--json", self.complete("segue", "status", "--"))

    def test_bash_offers_files_where_a_file_is_meant(self):
        self.assertIn("LICENSE", self.complete("segue", "plan", "LIC"))
        self.assertIn("LICENSE", self.complete("segue", "plan", "--catalog", "LIC"))

    def test_a_plan_from_a_file_asks_no_server_and_says_what_it_does_not_know(self):
        catalog = os.path.join(SOURCE, "tests", "unit", "fixtures", "planner.json")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "0001_word.sql")
            pathlib.Path(path).write_text("ALTER TABLE customers ADD COLUMN word text;\n", encoding="utf-8")
            for kind in ("text", "markdown", "html", "json"):
                result = segue("plan", path, "--catalog", catalog, "--format", kind, SEGUE_URL=NOWHERE)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn("no server was asked", result.stdout, kind)
                self.assertNotIn("s3cret", result.stdout, kind)
            self.assertIsNone(json.loads(result.stdout)["runbook"]["server"])
        self.assertEqual(segue("plan", "x.sql", "--sql", "--format", "html").returncode, 2)

    def test_every_command_and_option_is_in_every_script(self):
        options = set(re.findall(r"^  (?:-., )?--([a-z-]+)", "".join(segue(c, "--help").stdout for c in COMMANDS), re.M))
        for shell in ("bash", "zsh", "fish"):
            script = segue("completion", shell).stdout
            for word in [*COMMANDS, *options]:
                self.assertIn(word, script, shell)


class Mistakes(unittest.TestCase):
    def test_an_unknown_option_ends_with_2(self):
        for name in COMMANDS:
            result = segue(name, "--no-such-option")
            self.assertEqual((result.returncode, result.stdout), (2, ""), name)
            self.assertIn("no option --no-such-option", result.stderr)

    def test_an_unknown_command_ends_with_2_and_a_guess(self):
        result = segue("statsu")
        self.assertEqual(result.returncode, 2)
        self.assertIn("did you mean segue status?", result.stderr)

    def test_with_json_the_error_is_one_document_on_stdout(self):
        result = segue("plan", "--jsn", "--json")
        self.assertEqual((result.returncode, result.stderr), (2, ""))
        error = json.loads(result.stdout)["error"]
        self.assertEqual(error["class"], "usage")
        self.assertEqual(set(error), {"class", "sqlstate", "message", "detail", "hint", "where"})

    def test_a_file_that_is_not_there_is_named(self):
        result = segue("plan", "no-such-file.sql")
        self.assertIn(result.returncode, (1, 2))
        self.assertIn("no-such-file.sql", result.stderr)

    def test_a_mistyped_fault_is_not_a_quiet_success(self):
        self.assertNotEqual(segue("status", "--url", NOWHERE, SEGUE_FAULT="nonsense").returncode, 0)


class Secrets(unittest.TestCase):
    def test_no_connection_ends_with_3_and_never_prints_the_password(self):
        for extra in ([], ["--json"]):
            result = segue("status", "--url", NOWHERE, *extra)
            self.assertEqual(result.returncode, 3, result.stderr)
            self.assertNotIn("s3cret", result.stdout + result.stderr)
        self.assertNotIn("s3cret", (lambda r: r.stdout + r.stderr)(segue("status", SEGUE_URL=NOWHERE)))

    def test_a_mistyped_url_never_prints_the_password(self):
        for url in ("postgresql://u:s3cret@h:port/d", "postgresql://u:s3cret@[::1/d", "host=h passwort=s3cret"):
            result = segue("status", "--url", url)
            self.assertNotEqual(result.returncode, 0)
            self.assertNotIn("s3cret", result.stdout + result.stderr)

    def test_the_process_list_never_shows_it(self):
        with socket.create_server(("127.0.0.1", 0)) as server:  # accepts and says nothing
            url = f"postgresql://u:s3cret@127.0.0.1:{server.getsockname()[1]}/d"
            process = subprocess.Popen([SEGUE, "status", "--url", url], env=ENVIRONMENT, stderr=subprocess.DEVNULL)
            try:
                server.settimeout(60)
                server.accept()
                shown = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()
            finally:
                process.kill()
                process.wait()
        self.assertIn(b"status", shown)
        self.assertNotIn(b"s3cret", shown)


class Colour(unittest.TestCase):
    def test_a_terminal_gets_colours(self):
        self.assertIn("\033[", on_a_terminal("--help"))

    def test_no_color_is_honoured(self):
        self.assertNotIn("\033[", on_a_terminal("--help", NO_COLOR="1"))
        self.assertNotIn("\033[", on_a_terminal("--help", "--no-color"))
        self.assertNotIn("\033[", on_a_terminal("--help", TERM="dumb"))

    def test_a_pipe_gets_none(self):
        self.assertNotIn("\033[", segue("--help").stdout)

    def test_errors_are_coloured_by_the_same_rule(self):
        self.assertIn("\033[", on_a_terminal("statsu"))
        self.assertNotIn("\033[", on_a_terminal("statsu", NO_COLOR="1"))


BAD = "SET lock_timeout = '1s';\nCREATE INDEX IF NOT EXISTS a ON t (x);\n"
FINE = "SET lock_timeout = '1s';\nALTER TABLE t ALTER COLUMN x SET STATISTICS 100;\n"


def lint(text, *arguments):
    return subprocess.run([SEGUE, "lint", "--stdin", *arguments], input=text, env=ENVIRONMENT, capture_output=True,
                          text=True, timeout=60)


class Lint(unittest.TestCase):
    def test_the_exit_status_says_whether_there_is_an_error(self):
        self.assertEqual(lint(FINE).returncode, 0)
        self.assertEqual(lint(BAD).returncode, 1)
        self.assertEqual(segue("lint").returncode, 2)
        self.assertEqual(segue("lint", "/no/such/file.sql").returncode, 2)
        self.assertEqual(lint(FINE, "--pg-version", "11").returncode, 2)

    def test_text_shows_the_place_and_what_to_write(self):
        printed = lint(BAD, "--stdin-name", "bad.sql").stdout
        self.assertIn("bad.sql:2:1: error: ", printed)
        self.assertIn("   2 | CREATE INDEX IF NOT EXISTS a ON t (x);\n     | ^~~", printed)
        self.assertIn("CREATE INDEX CONCURRENTLY", printed)
        self.assertTrue(printed.endswith("1 error, 0 warnings, 0 notes in 1 file\n"), printed)

    def test_marks_stand_under_what_is_meant(self):
        for before, blanks in (("SELECT 1; ", 10), ("SELECT 'é'; ", 12), ("SELECT '漢字'; ", 15), ("SELECT '😀'; ", 13), ("SELECT 'e\u0301'; ", 12),
                               ("/* ı */ ", 8)):
            printed = lint(before + "CREATE INDEX IF NOT EXISTS a ON t (x);\n", "--level", "error").stdout
            self.assertIn(f"   1 | {before}CREATE INDEX IF NOT EXISTS a ON t (x);\n     | {' ' * blanks}^{'~' * 36}\n", printed)
        printed = lint("\ufeffCREATE INDEX IF NOT EXISTS a ON t (x);\r\n", "--level", "error").stdout
        self.assertTrue(printed.startswith("stdin.sql:1:1: error"), printed)
        self.assertIn("   1 | CREATE INDEX IF NOT EXISTS a ON t (x);\n     | ^~~", printed)

    def test_what_is_left_open_is_told(self):
        for text in ("SELECT 1;\n/* /* */ CREATE INDEX a ON t (x);\n", "CREATE INDEX a ON t (x) /* no end\n", "/*", "SELECT 'a\n", "SELECT $a$ $b$\n"):
            printed = lint(text)
            self.assertEqual(printed.returncode, 1, text)
            self.assertIn("[unreadable]", printed.stdout)
        for text in ("", "-- /*\n", "/* a */\n/* /* */ */ ;;\n", "COPY t FROM stdin;\n/* 1\n\\.\n", "\\echo /*\n", "SELECT '/*';\n", "\ufeff"):
            printed = lint(text)
            self.assertEqual((printed.returncode, "unreadable" in printed.stdout), (0, False), text)

    def test_every_wrong_annotation_is_told_and_the_others_count(self):
        allowed = "CREATE INDEX IF NOT EXISTS a ON t (x); -- segue: allow create-index because \"it is small\"\n"
        found = json.loads(lint("SET lock_timeout = '1s';\n-- segue: allow create-index\n" + allowed + "-- segue: alow x because \"y\"\n", "--json").stdout)
        self.assertEqual([(f["rule"], f["line"]) for f in found["findings"]], [("wrong-annotation", 2), ("wrong-annotation", 4)])

    def test_what_is_fixed_keeps_the_ends_of_lines(self):
        before = "\ufeffALTER TABLE t ALTER COLUMN x SET STATISTICS 100;\r\nALTER TABLE t ADD CONSTRAINT c CHECK (x > 0);\r\n"
        done = subprocess.run([SEGUE, "lint", "--stdin", "--fix"], input=before.encode(), env=ENVIRONMENT, capture_output=True, timeout=60)
        after = done.stdout.decode()
        self.assertIn("NOT VALID;\r\n", after)
        self.assertTrue(after.startswith("\ufeffSET lock_timeout = '100ms';\r\n") or after.startswith("\ufeffALTER"), after)
        self.assertEqual(after.count("\n"), after.count("\r\n"), after)

    def test_a_file_beside_standard_input_is_not_passed_over(self):
        self.assertEqual(lint(FINE, "some.sql").returncode, 2)

    def test_every_format_can_be_read_by_its_readers(self):
        found = json.loads(lint(BAD, "--json").stdout)["findings"]
        self.assertEqual([(f["rule"], f["line"], f["column"], f["offset"]) for f in found], [("create-index", 2, 1, 25)])
        sarif = json.loads(lint(BAD, "--format", "sarif").stdout)["runs"][0]
        self.assertEqual(sarif["results"][0]["ruleId"], "create-index")
        self.assertIn("create-index", [rule["id"] for rule in sarif["tool"]["driver"]["rules"]])
        named = lint(BAD, "--format", "sarif", "--stdin-name", "db/two words%.sql").stdout
        self.assertEqual(set(re.findall('"uri": "([^"]*)"', named)), {"db/two%20words%25.sql"})
        self.assertEqual(json.loads(lint(BAD, "--format", "gitlab").stdout)[0]["location"]["lines"]["begin"], 2)
        self.assertRegex(lint(BAD, "--format", "github").stdout, r"^::error file=stdin.sql,line=2,col=1,.*title=create-index::")
        suites = xml.etree.ElementTree.fromstring(lint(BAD, "--format", "junit").stdout)
        self.assertEqual(len(suites.findall(".//failure")), 1)

    def test_settings_are_read_and_the_command_line_counts_more(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "segue.toml")
            pathlib.Path(folder, "schema.sql").write_text("CREATE TABLE t (x integer PRIMARY KEY, y varchar(10));")

            def found(settings, *arguments, text=BAD):
                path.write_text(settings)
                result = lint(text, "--json", "--config", str(path), *arguments)
                lines = json.loads(result.stdout)["findings"] if result.returncode < 2 else result.stdout + result.stderr
                return result.returncode, lines if isinstance(lines, str) else [(f["rule"], f["level"]) for f in lines]

            self.assertEqual(found(""), (1, [("create-index", "error")]))
            self.assertEqual(found('[lint.rules]\ncreate-index = "off"'), (0, []))
            self.assertEqual(found('[lint.rules]\ncreate-index = "warning"'), (0, [("create-index", "warning")]))
            self.assertEqual(found('[lint]\nfail-on = "warning"\n[lint.rules]\ncreate-index = "warning"')[0], 1)
            self.assertEqual(found('[lint.rules]\ncreate-index = "warning"', "--fail-on", "warning")[0], 1)
            self.assertEqual(found('[lint]\nfail-on = "warning"\n[lint.rules]\ncreate-index = "warning"', "--fail-on", "error")[0], 0)
            self.assertEqual(found('[lint]\nlevel = "error"\n[lint.rules]\ncreate-index = "warning"'), (0, []))
            change = "SET lock_timeout = '1s';\nALTER TABLE t ALTER COLUMN y TYPE text;\n"
            self.assertEqual(found("", text=change), (0, [("change-type", "warning")]))
            self.assertEqual(found('[lint]\nschema-files = ["schema.sql"]', text=change), (0, []))
            self.assertEqual(found('[lint.rules]\nchange-type = "error"', text=change), (0, [("change-type", "warning")]))
            virtual = "CREATE TABLE u (a bigint, b bigint GENERATED ALWAYS AS (a) VIRTUAL);\n"
            self.assertEqual(found("[lint]\npg-version = 15", text=virtual)[0], 1)
            self.assertEqual(found("[lint]\npg-version = 15", "--pg-version", "18", text=virtual)[0], 0)
            concurrent = "CREATE INDEX CONCURRENTLY a ON t (x);\n"
            self.assertEqual(found("[lint]\nin-transaction = true", text=concurrent)[0], 1)
            for wrong, words in (('[lint.rules]\nno-such = "off"', "segue.toml:2"), ('[lint]\nx = 1', "no setting x"),
                                 ('[lint]\nlevel = "off"', "there is no level"), ("[lint]\npg-version = 11", "12 to 18"),
                                 ("[lint]\npg-version = '15'", "a number"), ("[lint\n", "segue.toml:1:6")):
                status, said = found(wrong)
                self.assertEqual(status, 2, wrong)
                self.assertIn(words, said)
            path.write_text('[lint.rules]\ncreate-index = "off"')
            here = subprocess.run([SEGUE, "lint", "--stdin"], input=BAD, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, cwd=folder)
            self.assertEqual(here.returncode, 0)

    @unittest.skipUnless(shutil.which("git"), "git is not installed")
    def test_the_hook_of_git_looks_at_what_is_staged(self):
        with tempfile.TemporaryDirectory() as folder:
            def git(*arguments):
                who = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "SEGUE": SEGUE}
                command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
                return subprocess.run(command, cwd=folder, env={**ENVIRONMENT, **who}, capture_output=True, text=True, timeout=60)

            git("init")
            shutil.copy(os.path.join(SOURCE, "packaging", "git-pre-commit"), os.path.join(folder, ".git", "hooks", "pre-commit"))
            path = pathlib.Path(folder, "0001 two words.sql")
            path.write_text(BAD)
            git("add", ".")
            path.write_text(FINE)  # not what is committed
            refused = git("commit", "-m", "bad")
            self.assertEqual(refused.returncode, 1, refused.stderr)
            self.assertIn("0001 two words.sql:2:1: error", refused.stdout + refused.stderr)
            git("add", ".")
            done = git("commit", "-m", "fine")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipUnless(importlib.util.find_spec("yaml"), "no YAML reader")
    def test_the_action_runs_the_command(self):
        import yaml
        action = yaml.safe_load(pathlib.Path(SOURCE, "packaging", "github-action", "action.yml").read_text())
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "a.sql").write_text(BAD)
            step = action["runs"]["steps"][0]
            inputs = {name: one["default"] for name, one in action["inputs"].items()} | {"files": "*.sql", "segue": SEGUE}
            values = {name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda m: inputs[m[1]], value) for name, value in step["env"].items()}
            result = subprocess.run(["sh", "-c", step["run"]], cwd=folder, env={**ENVIRONMENT, **values}, capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 1)
        self.assertIn("::error file=a.sql,line=2", result.stdout)
        hook = yaml.safe_load(pathlib.Path(SOURCE, ".pre-commit-hooks.yaml").read_text())[0]
        self.assertEqual(hook["entry"].split()[:2], ["segue", "lint"])

    def test_formats_of_nothing_are_whole_as_well(self):
        self.assertEqual(json.loads(lint(FINE, "--json").stdout)["findings"], [])
        self.assertEqual(json.loads(lint(FINE, "--format", "sarif").stdout)["runs"][0]["results"], [])
        self.assertEqual(json.loads(lint(FINE, "--format", "gitlab").stdout), [])
        self.assertEqual(len(xml.etree.ElementTree.fromstring(lint(FINE, "--format", "junit").stdout).findall(".//testcase")), 1)

    def test_the_table_of_rules_is_what_the_program_prints(self):
        page = pathlib.Path(SOURCE, "docs", "lint", "README.md").read_text(encoding="utf-8")
        self.assertTrue(page.endswith(segue("lint", "--rules").stdout), "segue lint --rules")

    def test_no_rule_has_the_id_of_another(self):
        ids = re.findall(r"^\| \[`([a-z-]+)`", segue("lint", "--rules").stdout, re.M)
        self.assertEqual(len(ids), len(set(ids)))
        self.assertGreater(len(ids), 60)


class Output(unittest.TestCase):
    def test_a_full_disk_is_no_success(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            result = subprocess.run([SEGUE, "--help"], stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, text=True)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("cannot write", result.stderr)


if __name__ == "__main__":
    outcome.main()
