"""script/torture: random migrations against the oracles. See docs/torture.md."""

import argparse
import collections
import multiprocessing
import os
import signal
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from lib import server as servers  # noqa: E402
from torture import cover, keep, selftest  # noqa: E402
from torture.bench import Bench  # noqa: E402
from torture.exporting import ExportRun  # noqa: E402
from torture.grammar import random_case  # noqa: E402
from torture.oracles import Finding, Refused, Run  # noqa: E402
from torture.shrink import shrink  # noqa: E402

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_WORDS = 40  # of a message, by which two failures are the same
_worker = {}


def judge(bench, case, template, how=Run):
    """(verdict, oracle or limit, message) of one case: passed, refused or failed."""
    try:
        run = how(bench, case, template)
    except Exception:  # pylint: disable=broad-except
        return "failed", "harness", traceback.format_exc()
    try:
        run.go()
        return "passed", "", ""
    except Refused as refusal:
        return "refused", refusal.limit, refusal.message
    except Finding as finding:
        return "failed", finding.oracle, finding.message
    except Exception:  # pylint: disable=broad-except
        return "failed", "harness", traceback.format_exc()
    finally:
        run.close()


def begin_worker(server, options, template, number):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with number.get_lock():
        mine, number.value = number.value, number.value + 1
    _worker.update(bench=Bench(server, options.segue, mine, options.keep), template=template, options=options)


def work(seed):
    """One seed: (seed, verdict, what, message, coverage, seconds, folder of the shrunk case)."""
    started = time.monotonic()
    bench, template, options = _worker["bench"], _worker["template"], _worker["options"]
    try:
        case = random_case(seed)
    except Exception:  # pylint: disable=broad-except
        return seed, "failed", "generator", traceback.format_exc(), collections.Counter(), 0, None
    if options.seed is not None:
        print(case.schema_sql() + "\n" + case.migration_sql(), flush=True)
    coverage = cover.of(case)
    how = ExportRun if options.export else Run
    verdict, what, message = judge(bench, case, template, how)
    seconds = time.monotonic() - started
    folder = None
    if verdict == "failed" and options.shrink > 0:
        def still_fails(smaller):
            for luck in range(2):  # fewer parts are other random choices: they get a second chance
                smaller.luck = luck
                again = judge(bench, smaller, template, how)
                if again[:2] == (verdict, what) and keep.alike(again[2], message):
                    return True
            return False
        shrink(case, still_fails, options.shrink)
        folder = keep.write(options.findings, case, what, message)
    return seed, verdict, what, message, coverage, seconds, folder


def arguments():
    parser = argparse.ArgumentParser(prog="script/torture", description="Random migrations against the oracles.")
    parser.add_argument("--seeds", type=int, default=100, metavar="N", help="how many")
    parser.add_argument("--first", type=int, metavar="SEED", help="the first of them (default: from the time)")
    parser.add_argument("--seed", type=int, metavar="S", help="just this one; prints its files")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--pg", default=servers.DEBIAN_BIN, metavar="DIR", help="bin directory of the server")
    parser.add_argument("--keep", action="store_true", help="keep the databases and the server until Enter is pressed")
    parser.add_argument("--segue", default=os.path.join(_ROOT, "build", "segue"), metavar="PATH")
    parser.add_argument("--shrink", type=int, default=150, metavar="RUNS", help="at most so many runs to shrink a failing seed")
    parser.add_argument("--findings", default=os.path.join(_ROOT, "build", "torture"), metavar="DIR",
                        help="where shrunk cases go")
    parser.add_argument("--export", action="store_true", help="through segue export --idempotent, not through start and complete")
    parser.add_argument("--self-test", action="store_true", help="plant defects, and see that each oracle finds its own")
    parser.add_argument("--verbose", action="store_true", help="a line for each seed")
    options = parser.parse_args()
    if options.seed is not None:
        options.first, options.seeds, options.jobs, options.verbose = options.seed, 1, 1, True
    if options.first is None:
        options.first = int(time.time()) % 1000000000
    return options


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = arguments()
    server = servers.Server(options.pg)
    try:
        template = Bench(server, options.segue, "main").prepare()
        if options.self_test:
            return selftest.run(Bench(server, options.segue, 0), template, judge)
        print(f"script/torture --first {options.first} --seeds {options.seeds}  (PostgreSQL {server.major})", flush=True)
        status = run_seeds(options, server, template)
        if options.keep:
            input(f"psql 'host={server.folder} user=postgres'; Enter ends the server ")
        return status
    finally:
        server.stop()


def run_seeds(options, server, template):
    context = multiprocessing.get_context("fork")
    started = time.monotonic()
    summary = cover.Summary(options.verbose)
    seeds = range(options.first, options.first + options.seeds)
    with context.Pool(options.jobs, begin_worker, (server, options, template, context.Value("i", 0))) as pool:
        for result in pool.imap_unordered(work, seeds):
            summary.add(*result)
    return summary.end(time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
