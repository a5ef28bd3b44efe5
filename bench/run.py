"""script/bench: the ways of bench/ways.py in turn, several rounds, as medians and ratios to the first of them.

With --verify instead: how many rows a second segue verify compares, and whether it names one difference planted among them."""

import argparse
import json
import os
import statistics
import sys

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(_ROOT, "tests"))

import chart  # noqa: E402
from ground import SETTINGS, Ground  # noqa: E402
from lib.server import DEBIAN_BIN, Server  # noqa: E402
from verifying import verifying  # noqa: E402
from ways import ENDS, WAYS  # noqa: E402


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--indexes", default="0,2,6", help="how many secondary indexes, a case each")
    parser.add_argument("--over", type=int, metavar="N", help="how many of them over the column that changes (default: half)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default=",".join(WAYS), help="of: " + ", ".join(WAYS))
    parser.add_argument("--verify", action="store_true", help="measure segue verify instead")
    parser.add_argument("--segue", default=os.path.join(_ROOT, "build", "segue"))
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--svg", metavar="FILE")
    return parser.parse_args()


def measure(ground, names, rounds):
    tries = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:  # in turn, so that what changes on the machine changes for all
            tries[name].append(ground.run(WAYS[name], ENDS.get(name)))
    return {name: {key: statistics.median(one[key] for one in list_) for key in list_[0]} for name, list_ in tries.items()}


def show(case, rows):
    base = next(iter(case.values()))
    print(f"{'':18}{'seconds':>9}{'ratio':>8}{'rows/s':>12}{'WAL/row':>9}{'MB live':>9}{'MB final':>10}{'ratio':>8}{'of table':>9}"
          f"{'segue MB':>10}")
    for name, one in case.items():
        memory = f"{one['memory'] / 2 ** 20:10.0f}" if one["memory"] else f"{'-':>10}"
        print(f"{name:18}{one['seconds']:9.1f}{one['seconds'] / base['seconds']:8.2f}{rows / one['seconds']:12,.0f}"
              f"{one['wal'] / rows:9.0f}{one['total_live'] / 2 ** 20:9.0f}{one['total'] / 2 ** 20:10.0f}"
              f"{one['total'] / base['total']:8.2f}{one['table'] / base['table']:9.2f}{memory}", flush=True)


def on_ground(options, n_indexes, measured):
    n_over = n_indexes // 2 if options.over is None else min(options.over, n_indexes)
    server = Server(DEBIAN_BIN, SETTINGS)
    try:
        return measured(Ground(server, options.segue, options.rows, n_indexes, n_over, options.jobs), n_over)
    finally:
        server.stop()


def main():
    options = parse_arguments()
    names = [name for name in WAYS if name in options.only.split(",")]
    cases = []
    if options.verify:
        on_ground(options, 0, lambda ground, _: verifying(ground))
        return
    for n_indexes in [int(n) for n in options.indexes.split(",")]:
        case, n_over = on_ground(options, n_indexes, lambda ground, n: (measure(ground, names, options.rounds), n))
        print(f"\n{options.rows:,} rows, {n_indexes} secondary indexes, {n_over} of them over the column, {options.jobs} jobs, "
              f"medians of {options.rounds}")
        show(case, options.rows)
        cases.append({"rows": options.rows, "indexes": n_indexes, "over": n_over, "ways": case})
    if options.json:
        with open(options.json, "w") as file:
            json.dump(cases, file, indent=1)
    if options.svg:
        with open(options.svg, "w") as file:
            file.write(chart.bars(cases))


if __name__ == "__main__":
    main()
