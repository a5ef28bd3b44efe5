"""Random faults while migrations run under traffic: what is planted for the harness is found, and new faults every time."""

import os
import re
import subprocess
import sys
import time

from .report import require
from .scenario import TESTS

_FAULTS, _FAULTS_ELSEWHERE = 20, 10  # on the first server, on further ones


def tasks(context):
    if context.options.scenario != "*":
        return  # somebody looks at a few scenarios
    for server in context.servers:
        yield lambda server=server: _faults(context, server)
    yield lambda: _self_test(context, context.servers[0])


def _self_test(context, server):
    with context.report.test("faults: what is planted is found"):
        result = _run(context, server, "--self-test")
        require(result.returncode == 0, result.stdout)


def _faults(context, server):
    first = int(time.time()) % 1000000000
    count = _FAULTS if server is context.servers[0] and not context.options.quick else _FAULTS_ELSEWHERE
    with context.report.test(f"[{server.major}] faults: script/faults --first {first} --faults {count}"):
        result = _run(context, server, "--first", str(first), "--faults", str(count))
        require(result.returncode == 0 and re.search(r"^\d+ faults: \d+ passed, 0 failed$", result.stdout, re.M), result.stdout)
        for line in result.stdout.splitlines():
            if line.startswith("left out:"):
                context.report.note(line)


def _run(context, server, *arguments):
    return subprocess.run([sys.executable, os.path.join(TESTS, "faults", "run.py"), "--pg", server.bin_dir, "--segue",
                           context.options.segue, "--jobs", str(context.options.jobs), *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, check=False)
