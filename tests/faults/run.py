"""script/faults: migrations under traffic and random faults. See docs/faults.md."""

import argparse
import collections
import multiprocessing
import os
import queue
import signal
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from lib import scenario as scenarios, server as servers  # noqa: E402
from faults import kinds, selftest  # noqa: E402
from faults.attempt import Finding  # noqa: E402
from faults.course import Course  # noqa: E402
from faults.ground import Ground  # noqa: E402

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_LAST_SECONDS = 60  # for a worker that was told to end
_SCENARIOS = "06_*,20_*,24_*,30_*,36_*,39_*,43_*,51_*,83_*,84_*,110_*,111_*,200_*"


def arguments():
    parser = argparse.ArgumentParser(prog="script/faults", description="Migrations under traffic and random faults.")
    parser.add_argument("--faults", type=int, default=100, metavar="N", help="at least so many")
    parser.add_argument("--first", type=int, metavar="SEED", help="the first course (default: from the time)")
    parser.add_argument("--seed", type=int, metavar="S", help="just this course, with its log")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--kinds", default=",".join(kinds.ALL), metavar="A,B", help="of " + ", ".join(kinds.ALL))
    parser.add_argument("--scenario", default=_SCENARIOS, metavar="GLOB,...")
    parser.add_argument("--pg", default=servers.DEBIAN_BIN, metavar="DIR", help="bin directory of the server")
    parser.add_argument("--segue", default=os.path.join(_ROOT, "build", "segue"), metavar="PATH")
    parser.add_argument("--keep", action="store_true", help="stop at a failed course, with its server, until Ctrl-C")
    parser.add_argument("--verbose", action="store_true", help="what happened in each course")
    parser.add_argument("--self-test", action="store_true", help="plant what must be found, and see that it is")
    options = parser.parse_args()
    options.kinds = options.kinds.split(",")
    if set(options.kinds) - set(kinds.ALL):
        parser.error("no such kind: " + ", ".join(set(options.kinds) - set(kinds.ALL)))
    if options.seed is not None:
        options.first, options.faults, options.jobs, options.verbose = options.seed, 1, 1, True
    if options.first is None:
        options.first = int(time.time()) % 1000000000
    return options


def work(options, number, seeds, results):
    """A worker process: one course after another, until there is no seed left."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ground = None
    try:
        ground = Ground(options.pg, options.segue)
        names, missing = kinds.usable(ground.server)
        if number == 0:
            results.put(("missing", {name: why for name, why in missing.items() if name in options.kinds}))
        names = [name for name in names if name in options.kinds]
        chosen = [one for one in scenarios.load(options.scenario) if one.runs_on(ground.server)]
        while True:
            seed = seeds.get()
            if seed is None:
                return
            results.put(("course", *one_course(options, ground, seed, chosen, names)))
    except KeyboardInterrupt:
        pass
    except Exception:  # pylint: disable=broad-except
        results.put(("broken", traceback.format_exc()))
    finally:
        if ground:
            ground.close()


def one_course(options, ground, seed, chosen, names):
    """(course, what, message): what happened, what was wrong, in a form that another process can read."""
    started = time.monotonic()
    course = Course(ground, seed, chosen, names)
    course.keep = options.keep
    what = message = None
    try:
        course.go()
    except Finding as finding:
        what, message = finding.what, finding.message
    except Exception:  # pylint: disable=broad-except
        what, message = "harness", traceback.format_exc()
    about = {"seed": seed, "about": course.about, "faults": course.faults, "log": course.log,
             "acknowledged": course.acknowledged, "unknown": course.unknown, "seconds": time.monotonic() - started}
    return about, what, message


class Summary:
    """What happened, counted."""

    def __init__(self, options):
        self.options = options
        self.by_kind = collections.defaultdict(lambda: [0, 0])
        self.by_phase = collections.Counter()
        self.passed = self.failed = self.courses = self.acknowledged = self.unknown = 0

    def add(self, course, what, message):
        self.courses += 1
        self.acknowledged += course["acknowledged"]
        self.unknown += course["unknown"]
        for name, step, noticed in course["faults"]:
            self.by_kind[name][0] += 1
            self.by_kind[name][1] += bool(noticed)
            self.by_phase[step.split("/")[0]] += 1
        # A wrong end cannot be laid at the door of one of the faults.
        failed = 0 if not what else 1 if what == "words" else max(len(course["faults"]), 1)
        self.failed += failed
        self.passed += max(len(course["faults"]) - failed, 0)
        lines = [*course["log"], *(message or "").splitlines()[:50]]
        if what or self.options.verbose:
            verdict = f"FAIL  seed {course['seed']} ({course['about']}): {what}" if what \
                else f"ok    seed {course['seed']} ({course['about']}), {course['seconds']:.1f} s"
            print("\n".join([verdict, *("      " + line for line in lines)]), flush=True)

    @property
    def faults(self):
        return self.passed + self.failed

    def end(self, seconds):
        for name, (count, noticed) in sorted(self.by_kind.items()):
            print(f"{name + ':':<11} {count:5d}, seen in segue's words {noticed}")
        print("phases:     " + ", ".join(f"{phase} {count}" for phase, count in sorted(self.by_phase.items())))
        print(f"writers:    {self.acknowledged} transactions acknowledged, of {self.unknown} nothing was heard")
        print(f"{self.courses} migrations, {seconds:.0f} s, {seconds / max(self.faults, 1):.1f} s a fault")
        print(f"{self.faults} faults: {self.passed} passed, {self.failed} failed", flush=True)
        return 0 if self.passed and not self.failed else 1


def run(options):
    context = multiprocessing.get_context("fork")
    seeds, results = context.Queue(), context.Queue()
    workers = [context.Process(target=work, args=(options, number, seeds, results)) for number in range(options.jobs)]
    for worker in workers:
        worker.start()
    summary, started, seed, status = Summary(options), time.monotonic(), options.first, 1
    try:
        for _ in workers:
            seeds.put(seed)
            seed += 1
        waiting = len(workers)
        while waiting:
            try:
                kind, *rest = results.get(timeout=1)
            except queue.Empty:
                if not any(worker.is_alive() for worker in workers):
                    break
                continue
            if kind == "broken":
                print(rest[0], flush=True)
                summary.failed += 1
                waiting -= 1
            elif kind == "missing":
                for name, why in rest[0].items():
                    print(f"left out: {name}: {why}", flush=True)
            else:
                summary.add(*rest)
                if summary.faults < options.faults:
                    seeds.put(seed)
                    seed += 1
                else:
                    waiting -= 1
        for _ in workers:
            seeds.put(None)
        for worker in workers:
            worker.join(60)
        status = summary.end(time.monotonic() - started)
    except KeyboardInterrupt:
        summary.end(time.monotonic() - started)
    finally:
        for worker in workers:
            if worker.is_alive():
                worker.terminate()
        for worker in workers:
            worker.join(_LAST_SECONDS)
            if worker.is_alive():
                worker.kill()  # its servers, mounts and networks end with it
                worker.join()
    return status


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = arguments()
    if options.self_test:
        ground = Ground(options.pg, options.segue)
        try:
            return 0 if selftest.run(ground) else 1
        finally:
            ground.close()
    print(f"script/faults --first {options.first} --faults {options.faults}", flush=True)
    return run(options)


if __name__ == "__main__":
    sys.exit(main())
