#!/usr/bin/env python3
"""How many statements a second `segue lint` looks at, and how much memory it takes, beside squawk where that is at hand.

usage: bench/lint.py [--segue PATH] [--squawk PATH] [--statements N]

squawk is `npm install squawk-cli`. Each program reads the same file three times in each format; the best time counts.
"""

import argparse
import os
import random
import resource
import subprocess
import tempfile
import time

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


def write(path, n):
    random.seed(1)
    with open(path, "w", encoding="ascii") as file:
        for i in range(n):
            file.write(FORMS[i % len(FORMS)].format(i=i, j=random.randrange(2000)) + "\n")


def measure(command):
    """(best seconds, peak memory of all children so far in kB)"""
    best = None
    for _ in range(3):
        started = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        seconds = time.monotonic() - started
        best = seconds if best is None or seconds < best else best
    return best, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segue", default=os.path.join(root, "build", "segue"))
    parser.add_argument("--squawk")
    parser.add_argument("--statements", type=int, default=10000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bench.sql")
        write(path, options.statements)
        print(f"{options.statements} statements, {os.path.getsize(path):,} bytes")
        runs = [("segue json", [options.segue, "lint", "--format", "json", path]),
                ("segue text", [options.segue, "lint", "--format", "text", path])]
        if options.squawk:
            runs += [("squawk json", [options.squawk, "--reporter", "json", path]),
                     ("squawk text", [options.squawk, "--reporter", "tty", path])]
        for name, command in runs:
            seconds, memory = measure(command)
            print(f"{name:<12} {options.statements / seconds:>10,.0f} statements/s   {seconds:.2f} s   peak so far {memory:,} kB")


if __name__ == "__main__":
    main()
