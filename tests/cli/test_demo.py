#!/usr/bin/env python3
"""The demo as a user meets it, with few rows.

usage: test_demo.py SEGUE
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

import outcome

SEGUE = os.path.abspath(sys.argv[1])
QUICK = ["demo", "--rows", "2000", "--seconds-per-phase", "0.5", "--rate", "100"]
PHASES = ["server", "load", "baseline", "expand", "backfill", "verify", "both versions", "sweep"]


class Demo(unittest.TestCase):
    """Each demo has a folder for temporary files of its own, so that what it leaves behind is seen."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="segue-test-demo-")
        self.addCleanup(self.folder.cleanup)
        self.temporary = pathlib.Path(self.folder.name) / "tmp"
        self.temporary.mkdir()
        self.report = pathlib.Path(self.folder.name) / "report.html"
        # The server may run as another user, who must get into its own folder.
        os.chmod(self.folder.name, 0o711)
        os.chmod(self.temporary, 0o711)

    def start(self, *arguments):
        return subprocess.Popen(
            [SEGUE, *QUICK, "--report", str(self.report), *arguments],
            env={**os.environ, "TMPDIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def figures(self, *arguments):
        process = self.start("--json", *arguments)
        out, err = process.communicate(timeout=200)
        self.assertEqual(process.returncode, 0, out + err)
        self.assertEqual(list(self.temporary.iterdir()), [])
        return json.loads(out.splitlines()[-1])

    def assert_clean(self, figures):
        self.assertEqual(figures["rows"], 2000)
        self.assertEqual(figures["mismatches"], 0)
        self.assertEqual(figures["schema_diff_lines"], 0)
        for version in ("old", "new"):
            self.assertEqual(figures[version]["errors"], 0)
            self.assertGreater(figures[version]["requests"], 0)
            self.assertGreater(figures[version]["longest_stall_ms"], 0)
        self.assertGreater(figures["old"]["baseline_p95_ms"], 0)
        self.assertGreater(figures["backfill_rows_per_s"], 0)

    def test_completes_without_error_mismatch_or_difference(self):
        figures = self.figures()
        self.assert_clean(figures)
        self.assertEqual([p["name"] for p in figures["phases"]], [*PHASES, "complete", "new version", "compare"])

    def test_rolls_back_without_error_mismatch_or_difference(self):
        figures = self.figures("--rollback")
        self.assert_clean(figures)
        self.assertEqual([p["name"] for p in figures["phases"]], [*PHASES, "rollback", "old version", "compare"])

    def test_the_report_refers_to_nothing_outside(self):
        self.figures()
        page = self.report.read_text(encoding="utf-8")
        self.assertIn("<svg", page)
        self.assertNotIn("{{", page)
        for outside in ("http:", "https:", "src=", "href=", "@import", "url("):
            self.assertNotIn(outside, page)

    def assert_leaves_nothing(self, number):
        process = self.start()
        for line in process.stdout:
            if line.startswith("Backfill"):
                break
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 4, err)
        self.assertIn("interrupted", err)
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_ctrl_c_leaves_nothing_behind(self):
        self.assert_leaves_nothing(signal.SIGINT)

    def test_sigterm_leaves_nothing_behind(self):
        self.assert_leaves_nothing(signal.SIGTERM)


if __name__ == "__main__":
    outcome.main()
