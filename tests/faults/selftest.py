"""A check that cannot fail is a defect: what the harness must find is planted, and it has to find it."""

import os

from lib.program import Program
from lib.scenario import load

from .attempt import Finding
from .course import Course
from .ledger import Wrong

_SCENARIO = "36_split_column"


class _Spoilt(Course):
    """A course without faults, whose end is spoilt."""

    spoil = None

    def __init__(self, ground, seed):
        super().__init__(ground, seed, load(_SCENARIO), [])
        self.commands, self.strategy = ("start", "complete"), "in-place"

    def _faults(self, command):
        return []

    def before_judging(self):
        with self.server.connect(self.database) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(self.spoil)


def _spoilt(statement):
    return type("Spoilt", (_Spoilt,), {"spoil": statement})


class _Speechless(Course):
    """segue is cut off, and what it says is lost."""

    def __init__(self, ground, seed):
        super().__init__(ground, seed, load(_SCENARIO), ["cut"])
        self.commands = ("start", "complete")
        path = os.path.join(ground.server.folder, "speechless")
        with open(path, "w") as file:
            file.write(f'#!/bin/sh\ncase $1 in start|complete) exec {ground.program.path} "$@" >/dev/null 2>&1 ;; esac\n'
                       f'exec {ground.program.path} "$@"\n')
        os.chmod(path, 0o755)
        self.program = Program(path)


_PLANTED = {
    "a row that was acknowledged is lost":
        (_spoilt("DELETE FROM contacts WHERE id = (SELECT max(id) FROM contacts)"), "acknowledged rows are lost"),
    "a row is there that nobody wrote":
        (_spoilt("INSERT INTO contacts (id, phone, zip, town) SELECT max(id) + 100000, 'x', 'y', 'z' FROM contacts"), "1 are there that must not"),
    "a write was lost, or done twice":
        (_spoilt("UPDATE contacts SET phone = 'other' WHERE id = (SELECT max(id) FROM contacts)"), "1 have other values"),
    "a row that no writer has touched is another":
        (_spoilt("UPDATE contacts SET town = 'other' WHERE id = 7"), "1 rows differ"),
    "an index is left behind":
        (_spoilt("CREATE INDEX _segue_left ON contacts (zip)"), "the schema differs"),
    "something is left behind in segue's own schema":
        (_spoilt("CREATE TABLE segue.left_behind (n integer)"), "left ['segue.left_behind"),
    "segue says nothing":
        (_Speechless, "exit 3"),
}


def run(ground):
    """Whether everything was found; prints what was not."""
    missed = 0
    for name, (kind, wanted) in _PLANTED.items():
        said = "nothing"
        for seed in range(1, 6):  # a fault by chance may pass without a word
            try:
                kind(ground, seed).go()
                continue
            except (Finding, Wrong) as finding:
                said = str(finding)
            break
        found = wanted in said
        missed += not found
        print(f"{'ok   ' if found else 'FAIL '} {name}" + ("" if found else f": {said}"), flush=True)
    print(f"{len(_PLANTED)} planted, {missed} not found", flush=True)
    return missed == 0
