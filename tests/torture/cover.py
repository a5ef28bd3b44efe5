"""What the seeds were made of, and how they ended."""

import collections


def of(case):
    """A Counter of what a case holds."""
    counted = collections.Counter()
    for change in case.changes:
        counted["change", change.kind] += 1
    for table in case.tables:
        counted["key", getattr(table, "style", "created")] += 1
        for column in table.first_columns:
            counted["type", column.kind.name.rstrip(" 0123456789")] += 1
    kinds = sorted({change.kind.split(" to ")[0] for change in case.changes})
    for number, one in enumerate(kinds):
        for other in kinds[number + 1:]:
            counted["pair", f"{one} + {other}"] += 1
    return counted


class Summary:
    """Prints what has to be seen as it comes, and the sums at the end."""

    def __init__(self, verbose):
        self._verbose = verbose
        self._verdicts, self._limits, self._coverage = collections.Counter(), collections.Counter(), collections.Counter()
        self._failed = []

    def add(self, seed, verdict, what, message, coverage, seconds, folder):
        self._verdicts[verdict] += 1
        if verdict == "refused":
            self._limits[what] += 1
        else:
            self._coverage.update(coverage)
        if verdict == "failed":
            self._failed.append(seed)
            shown = message if what in ("harness", "generator") else message[:500]
            print(f"FAIL  seed {seed}: {what}: {shown}" + (f"\n      {folder}" if folder else ""), flush=True)
        elif self._verbose:
            print(f"{verdict}  seed {seed}  ({seconds:.2f} s) {what} {message[:300]}", flush=True)

    def end(self, seconds):
        """Prints the sums; the exit status."""
        for group in ("change", "key", "type"):
            found = {name: count for (kind, name), count in self._coverage.items() if kind == group}
            listed = ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
            print(f"{group}: {len(found)} kinds: {listed}")
        print("pairs of changes in one file:", sum(1 for kind, _ in self._coverage if kind == "pair"))
        for limit, count in self._limits.most_common():
            print(f"refused {count}: {limit}")
        total = sum(self._verdicts.values())
        if self._failed:
            print("failed seeds:", *sorted(self._failed))
        print(f"{seconds:.0f} s, {seconds / max(1, total):.2f} s a seed")
        print(f"{total} seeds: {self._verdicts['passed']} passed, {self._verdicts['refused']} refused (known limits),"
              f" {self._verdicts['failed']} failed")
        return 0 if self._verdicts["passed"] and not self._verdicts["failed"] else 1
