#!/usr/bin/env python3
"""Print `N passed, N failed` for a run of `meson test`, counting the cases inside each cmocka program.

usage: unit_result.py BUILD-DIR

A program that ended badly without saying how many of its cases failed (a crash, a sanitizer's finding, a time-out)
counts as one failure.
"""

import json
import re
import sys


def count(record):
    said = record.get("stdout", "") + record.get("stderr", "")
    passed = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test\(s\)", said, re.M))
    failed = sum(int(n) for n in re.findall(r"^\[  FAILED  \] .*?(\d+) test\(s\)", said, re.M))
    if record["result"] != "OK":
        return passed, max(failed, 1)
    return max(passed, 1), failed


def main():
    path = sys.argv[1] + "/meson-logs/testlog.json"
    try:
        with open(path, encoding="utf-8") as file:
            counts = [count(json.loads(line)) for line in file if line.strip()]
    except FileNotFoundError:  # the build failed
        counts = [(0, 1)]
    print(f"{sum(p for p, _ in counts)} passed, {sum(f for _, f in counts)} failed")


if __name__ == "__main__":
    main()
