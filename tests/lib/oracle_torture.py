"""Random migrations: the machine finds what is planted for it, seeds that once failed pass, and new seeds every time.

A new seed that fails tells of a defect that was there before, whatever the change under test is. Two of a hundred are printed, to be mended
(`script/torture` says that they failed), and do not stop the change; more do, because then it is likely its own.
"""

import os
import re
import subprocess
import sys
import time

from .report import require
from .scenario import TESTS

_SEEDS, _SEEDS_ELSEWHERE = 100, 20  # on the first server, on further ones
_OLD_DEFECTS = 2  # of the new seeds that may fail
# Of the present grammar; they must pass for ever. Those that are refused now have a file in tests/refusal.
_ONCE_FAILED = (1000048, 1000222, 1000313, 1000485, 1000512, 1000591, 2000100, 2000101, 2001313, 2001686, 2001764, 2001900,
                3000150, 4000399, 6001547, 795282067)


def tasks(context):
    if context.options.scenario != "*":
        return  # somebody looks at a few scenarios
    for server in context.servers:
        yield lambda server=server: _seeds(context, server)
    yield lambda: _self_test(context, context.servers[0])
    for seed in _ONCE_FAILED:
        yield lambda seed=seed: _once_failed(context, context.servers[0], seed)


def _self_test(context, server):
    with context.report.test("torture: each oracle finds the defect that is planted for it"):
        result = _run(context, server, "--self-test")
        require(result.returncode == 0, result.stdout)


def _once_failed(context, server, seed):
    with context.report.test(f"[{server.major}] torture: seed {seed}, which failed once"):
        result = _run(context, server, "--first", str(seed), "--seeds", "1")
        require(result.returncode == 0, result.stdout)


def _seeds(context, server):
    first = int(time.time()) % 1000000000
    count = _SEEDS if server is context.servers[0] and not context.options.quick else _SEEDS_ELSEWHERE
    command = f"script/torture --first {first} --seeds {count}"
    with context.report.test(f"[{server.major}] torture: {command}"):
        result = _run(context, server, "--first", str(first), "--seeds", str(count), "--shrink", "60")
        ended = re.search(r"^(\d+) seeds: .* (\d+) failed$", result.stdout, re.M)
        require(ended and int(ended.group(1)) == count and int(ended.group(2)) <= _OLD_DEFECTS, result.stdout)
        if result.returncode:
            context.report.note(result.stdout)


def _run(context, server, *arguments):
    return subprocess.run([sys.executable, os.path.join(TESTS, "torture", "run.py"), "--pg", server.bin_dir, "--segue",
                           context.options.segue, "--jobs", str(context.options.jobs), *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, check=False)
