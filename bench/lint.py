#!/usr/bin/env python3
"""How fast `segue lint` reads files of SQL, and in how much memory, beside squawk where that is at hand: a table in Markdown.

usage: bench/lint.py [--segue PATH] [--squawk PATH] [--runs N] [--largest MB]

Two files: one of 10,000 statements, one of 10 MB. The programs take turns at each file and format; the median of the runs counts, and the
largest memory (ru_maxrss) of any. squawk comes with script/fetch-squawk. As text it is not asked for the large file: it takes many minutes.
"""

import argparse
import datetime
import os
import platform
import random
import statistics
import subprocess
import tempfile
import time

STATEMENTS = 10000
FORMS = [
    "ALTER TABLE orders{i} ADD COLUMN c{i} int DEFAULT 0;",
    "CREATE INDEX idx_{i} ON orders{j} (customer_id, created_at);",
    "ALTER TABLE t{j} ALTER COLUMN a SET NOT NULL;",
    "CREATE TABLE new_{i} (id bigint PRIMARY KEY, name text NOT NULL, a int REFERENCES t{j}(id), made timestamptz DEFAULT now());",
    "ALTER TABLE t{j} ADD CONSTRAINT fk_{i} FOREIGN KEY (a) REFERENCES u{j} (id);",
    "UPDATE t{j} SET a = 1 WHERE b = {i};",
    "INSERT INTO t{j} (a, b) VALUES (1, 'x{i}'), (2, 'y');",
    "DROP TABLE old_{i};",
    "ALTER TABLE t{j} ALTER COLUMN b TYPE bigint USING b::bigint;",
    "SELECT count(*) FROM t{j} WHERE a = {i} AND b IN (1, 2, 3);",
]


class Sample:
    """A file of SQL."""

    def __init__(self, folder, name, enough):
        self.path, self.statements, self.bytes = os.path.join(folder, name), 0, 0
        chooser = random.Random(1)
        with open(self.path, "w", encoding="ascii") as file:
            while not enough(self):
                i = self.statements
                self.bytes += file.write(FORMS[i % len(FORMS)].format(i=i, j=chooser.randrange(2000)) + "\n")
                self.statements += 1


class Turns:
    """How often a program has read a file in a format."""

    def __init__(self, command):
        self.command, self.seconds, self.kilobytes = command, [], 0

    def take(self):
        with open(os.devnull, "wb") as nowhere:
            begun = time.monotonic()
            process = subprocess.Popen(self.command, stdout=nowhere, stderr=nowhere)
            _, status, used = os.wait4(process.pid, 0)
            self.seconds.append(time.monotonic() - begun)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 1:
            raise SystemExit(f"{' '.join(self.command)}: exit {process.returncode}, and there are findings")
        self.kilobytes = max(self.kilobytes, used.ru_maxrss)

    def rate(self, sample):
        return sample.statements / statistics.median(self.seconds)


def programs(options, sample):
    """{(program, format): Turns}"""
    found = {("segue", form): Turns([options.segue, "lint", "--format", form, sample.path]) for form in ("json", "text")}
    if options.squawk:
        for form, reporter in (("json", "json"), ("text", "tty")) if sample.statements <= STATEMENTS else (("json", "json"),):
            found["squawk", form] = Turns([options.squawk, "--reporter", reporter, sample.path])
    return found


def measure(options, sample):
    found = programs(options, sample)
    for _ in range(options.runs):
        for turns in found.values():
            turns.take()
    return found


def table(sample, found):
    for form in ("json", "text"):
        segue, squawk = found["segue", form], found.get(("squawk", form))
        ratio = f"{segue.rate(sample) / squawk.rate(sample):.1f}" if squawk else ""
        yield (f"| {sample.statements:,} statements, {sample.bytes / 1e6:.1f} MB | {form} | {segue.rate(sample):,.0f} | "
               f"{f'{squawk.rate(sample):,.0f}' if squawk else 'not run'} | {ratio} | {segue.kilobytes / 1024:.0f} MB | "
               f"{f'{squawk.kilobytes / 1024:.0f} MB' if squawk else ''} |")


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} processors"


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segue", default=os.path.join(root, "build", "segue"))
    parser.add_argument("--squawk")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--largest", type=int, default=10, help="MB")
    options = parser.parse_args()
    print(f"{datetime.date.today()}, {machine()}. Both in turn, the median of {options.runs} runs, statements a second:\n")
    print("| file | format | segue | squawk | segue : squawk | memory of segue | of squawk |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for sample in (Sample(folder, "many.sql", lambda s: s.statements >= STATEMENTS),
                       Sample(folder, "large.sql", lambda s: s.bytes >= options.largest * 1000000)):
            found = measure(options, sample)
            print("\n".join(table(sample, found)), flush=True)
            if sample.statements == STATEMENTS:
                share = found["segue", "text"].rate(sample) / found["segue", "json"].rate(sample)
                print(f"| | text of segue : json of segue | {share:.2f} | | | | |")


if __name__ == "__main__":
    main()
