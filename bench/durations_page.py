"""docs/lint/durations.md, made from what script/lint-durations has measured."""

import datetime
import os

_HEAD = """# How long others wait: said and measured

`script/lint-durations --write`, {date}: {cores} virtual cores, {memory} GiB, PostgreSQL {major}, durable settings (fsync on), shared_buffers 512 MB, autovacuum
off, nothing else at work on the machine. Each statement was run three times in a transaction that was taken back (VACUUM FULL for good), and the median is
the time from its begin to its end, in which nobody else waits for it; COMMIT, which writes what is left of the log, is not in it. *Said* is the longest
range of its findings with `--url`: low, likely and high. Below 100 ms at worst lint says "less than 100 ms", and is right when it is less.

{summary}

The range is that of a machine three times as fast or as slow as this one, from whose runs the speeds in `src/catalog/speed.c` were taken; before that, 47 of
101 were within. So the table shows whether the proportions between statements, rows, bytes and indexes hold, with all tables in memory; on another
machine, or read from a disk, all of it moves. What an expression costs is not forecast: a CHECK that unpacks compressed values takes longer.

| table | rows | MB | indexes |
|---|---|---|---|
"""


def _number(seconds):
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _said(case):
    if case.said is None:
        return "no time is said"
    low, likely, high = case.said
    return "less than 100 ms" if high <= 0.1 else f"{_number(likely)} ({_number(low)} to {_number(high)})"


def _verdict(case):
    within = case.is_within()
    if within is None:
        return ""
    if within:
        return "within"
    low, _, high = case.said
    return f"{case.measured / max(high, 0.1):.1f} times the highest" if case.measured > high else f"{low / case.measured:.1f} times less than the lowest"


def _ratio(case):
    return f"{case.measured / case.said[1]:.2f}" if case.said and case.said[2] > 0.1 else ""


def line(case):
    return f"{_verdict(case) or 'no time':28} {_number(case.measured):>9}  {_ratio(case):>5}  {_said(case):34} {case.script}"


def summary(cases):
    told = [case for case in cases if case.said]
    within = [case for case in told if case.is_within()]
    ranged = [case for case in told if case.said[2] > 0.1]
    near = [case for case in ranged if 0.5 <= case.measured / case.said[1] <= 2]
    return (f"**{len(within)} of {len(told)}** were within the range. Of the {len(ranged)} that were forecast to be noticed, {len(near)} took between half and twice"
            f" the likely time. Of {len(cases) - len(told)} no time is said.")


def write(path, cases, sizes, major, scale):
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    text = _HEAD.format(date=datetime.date.today(), cores=os.cpu_count(), memory=round(memory), major=major, summary=summary(cases))
    for name, (rows, size, indexes) in sorted(sizes.items()):
        text += f"| {name} | {rows:,} | {size / 1e6:,.1f} | {indexes} |\n"
    text += "\n| statement | measured | said | | measured / likely |\n|---|---|---|---|---|\n"
    for case in cases:
        text += f"| `{case.script}` | {_number(case.measured)} | {_said(case)} | {_verdict(case)} | {_ratio(case)} |\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
