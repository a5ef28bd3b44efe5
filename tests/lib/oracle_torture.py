"""Random migrations: the machine finds what is planted for it, and new seeds pass every time."""

import os
import subprocess
import sys
import time

from .report import require
from .scenario import TESTS

_SEEDS, _SEEDS_ELSEWHERE = 100, 20  # on the first server, on further ones


def tasks(context):
    if context.options.scenario != "*":
        return  # somebody looks at a few scenarios
    for server in context.servers:
        yield lambda server=server: _seeds(context, server)
    yield lambda: _self_test(context, context.servers[0])


def _self_test(context, server):
    with context.report.test("torture: each oracle finds the defect that is planted for it"):
        result = _run(context, server, "--self-test")
        require(result.returncode == 0, result.stdout)


def _seeds(context, server):
    first = int(time.time()) % 1000000000
    count = _SEEDS if server is context.servers[0] and not context.options.quick else _SEEDS_ELSEWHERE
    command = f"script/torture --first {first} --seeds {count}"
    with context.report.test(f"[{server.major}] torture: {command}"):
        result = _run(context, server, "--first", str(first), "--seeds", str(count), "--shrink", "60")
        require(result.returncode == 0, result.stdout)


def _run(context, server, *arguments):
    return subprocess.run([sys.executable, os.path.join(TESTS, "torture", "run.py"), "--pg", server.bin_dir, "--segue",
                           context.options.segue, "--jobs", str(context.options.jobs), *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, check=False)
