#!/usr/bin/env python3
"""Run clang-tidy on every C file of src/ and tests/, except those that passed before and have not changed since.

usage: tidy.py BUILD-DIR [N]        configured with clang; one file in N, others each day

tests/fuzz is left out: script/fuzz builds it by itself.

A file has changed when its preprocessed text, comments included, its command or a .clang-tidy has; what passed is
remembered in BUILD-DIR/tidy. One file a process: given several, clang-tidy 14 takes the va_list of the second for
uninitialized.
"""

import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]


def commands(build):
    """The compile command of each file, by the file's full path."""
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    return {os.path.realpath(os.path.join(e["directory"], e["file"])): e for e in entries}


def without_output(command):
    """The command's arguments, without those that name what it writes."""
    kept, skip = [], False
    for argument in shlex.split(command):
        if skip:
            skip = False
        elif argument in ("-o", "-MF", "-MQ"):
            skip = True
        elif argument not in ("-MD", "-c"):
            kept.append(argument)
    return kept


def fingerprint(entry, configuration):
    """What the result depends on, hashed; None when the file cannot be preprocessed."""
    arguments = without_output(entry["command"])
    result = subprocess.run([*arguments, "-E", "-CC"], cwd=entry["directory"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False)
    if result.returncode != 0:
        return None
    return hashlib.sha256(configuration + " ".join(arguments).encode() + result.stdout).hexdigest()


def tidy(file, entry, build, configuration):
    """The complaints about one file, empty when there are none."""
    if entry is None:
        return f"{file.relative_to(ROOT)}: is in no meson.build\n"
    mark = fingerprint(entry, configuration)
    if mark and (build / "tidy" / mark).exists():
        return ""
    result = subprocess.run(["clang-tidy", "-p", str(build), "--quiet", str(file)], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True, errors="replace", check=False)
    if result.returncode == 0:
        if mark:
            (build / "tidy" / mark).touch()
        return ""
    return result.stdout.replace(str(ROOT) + "/", "") or f"{file.relative_to(ROOT)}: clang-tidy failed\n"


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    (build / "tidy").mkdir(exist_ok=True)
    entries = commands(build)
    files = sorted(path for folder in ("src", "tests/unit") for path in (ROOT / folder).rglob("*.c"))
    parts = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    files = files[int(time.time() // 86400) % parts::parts]
    configuration = b"".join(path.read_bytes() for path in [ROOT / ".clang-tidy", *sorted(ROOT.glob("tests/**/.clang-tidy"))])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = list(pool.map(lambda file: tidy(file, entries.get(str(file)), build, configuration), files))
    sys.stdout.write("".join(complaints))
    sys.exit(1 if any(complaints) or not files else 0)


if __name__ == "__main__":
    main()
