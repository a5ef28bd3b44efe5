"""The unit programs, from the folder in which segue was built. script/test runs them under sanitizers; here they are as quick as they can be."""

import json
import os
import subprocess

from .report import require

_SECONDS = 900


def tasks(context):
    yield lambda: _run(context, os.path.dirname(os.path.abspath(context.segue.path)))


def _run(context, folder):
    done = subprocess.run(["meson", "test", "-C", folder, "--suite", "unit", "--timeout-multiplier", "5"], capture_output=True, text=True, timeout=_SECONDS, check=False)
    with open(os.path.join(folder, "meson-logs", "testlog.json"), encoding="utf-8") as file:
        programs = [json.loads(line) for line in file if line.strip()]
    for program in programs:
        with context.report.test(f"unit: {program['name']}"):
            require(program["result"] == "OK", f"{program['result']}\n{program.get('stdout', '')[-2000:]}{program.get('stderr', '')[-2000:]}")
    with context.report.test("unit: all programs were built and run"):
        require(done.returncode == 0 and programs, f"exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
