"""script/bench-throttle: what an application's requests take from the start to the completion of a migration, at half of what the
machine can do, in relation to what they took right before it. Both strategies in turn."""

import argparse
import bisect
import glob
import json
import math
import os
import statistics
import subprocess
import sys
import time

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(_ROOT, "tests"))
os.environ.setdefault("TMPDIR", "/tmp")  # on a disk: a commit must cost what it costs

from ground import SETTINGS, Ground  # noqa: E402
from lib.server import DEBIAN_BIN, Server  # noqa: E402
from ways import MIGRATION  # noqa: E402

STRATEGIES = ("in-place", "rebuild")
PROMISE = {"p95": 1.10, "p999": 2.0, "longest_ms": 50.0}  # ratios to the baseline, and the longest stall itself
_READ = "\\set aid random(1, {rows})\nSELECT abalance, filler FROM accounts WHERE aid = :aid;\n"
_WRITE = "\\set aid random(1, {rows})\nUPDATE accounts SET abalance = abalance + 1 WHERE aid = :aid;\n"
# TPC-B's transaction as pgbench has it; more branches than clients, which would else wait for each other.
_BRANCHES = 100
_TRANSACTION = f"""\\set aid random(1, {{rows}})
\\set bid random(1, {_BRANCHES})
\\set tid random(1, {_BRANCHES * 10})
\\set delta random(-5000, 5000)
BEGIN;
UPDATE accounts SET abalance = abalance + :delta WHERE aid = :aid;
SELECT abalance FROM accounts WHERE aid = :aid;
UPDATE tellers SET tbalance = tbalance + :delta WHERE tid = :tid;
UPDATE branches SET bbalance = bbalance + :delta WHERE bid = :bid;
INSERT INTO history (tid, bid, aid, delta, mtime) VALUES (:tid, :bid, :aid, :delta, CURRENT_TIMESTAMP);
END;
"""
_AROUND = (f"CREATE TABLE branches WITH (fillfactor = 10) AS SELECT bid, 0 AS bbalance FROM generate_series(1, {_BRANCHES}) bid",
           f"CREATE TABLE tellers WITH (fillfactor = 10) AS SELECT tid, tid % {_BRANCHES} + 1 AS bid, 0 AS tbalance"
           f" FROM generate_series(1, {_BRANCHES * 10}) tid",
           "ALTER TABLE branches ADD PRIMARY KEY (bid)", "ALTER TABLE tellers ADD PRIMARY KEY (tid)",
           "CREATE TABLE history (tid integer, bid integer, aid integer, delta integer, mtime timestamp)", "VACUUM ANALYZE")
# Reads and writes, 7 to 3: writes as transactions of seven statements, or single ones, each of which writes the very column.
WORKLOADS = {"transactions": (("read", _READ, 7), ("transaction", _TRANSACTION, 3)),
             "statements": (("read", _READ, 7), ("write", _WRITE, 3))}
_NEW_VERSION = "public_bench_throttle"
_WARM_UP = 5


class Traffic:
    """pgbench on a version: requests about random rows at times drawn at random; latency counts from when a request was due, so that a
    stall is seen by all that it delays."""

    def __init__(self, ground, workload, name, version, clients, rate=0, seconds=0):
        self._ground, self.name = ground, f"bench_{name}"
        self._prefix = os.path.join(ground.folder, self.name)
        scripts = []
        for kind, text, weight in WORKLOADS[workload]:
            path = os.path.join(ground.folder, kind + ".pgbench")
            with open(path, "w") as file:
                file.write(text.format(rows=ground.rows))
            scripts += ["-f", f"{path}@{weight}"]
        command = [os.path.join(DEBIAN_BIN, "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "1",
                   "-T", str(seconds or 86400), *scripts, "-l", "--log-prefix", self._prefix]
        if rate:
            command += ["-R", str(rate)]
        environment = dict(os.environ, PGHOST=ground.server.folder, PGPORT="5432", PGUSER="postgres",
                           PGDATABASE=ground.database, PGAPPNAME=self.name, PGOPTIONS=f"-c search_path={version},public")
        self._words = open(self._prefix + ".words", "w+")
        self._process = subprocess.Popen(command, env=environment, stdout=self._words, stderr=self._words,
                                         stdin=subprocess.DEVNULL)

    def wait(self):
        self._process.wait()

    def end(self):
        """Its sessions are ended by the server, since pgbench loses the end of its log when it is killed. The errors that it met
        before."""
        early = self._process.poll() is not None
        self._ground.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                         f" WHERE application_name = '{self.name}'")
        self._process.wait(60)
        self._words.seek(0)
        errors = [line.strip() for line in self._words if "ERROR" in line]
        errors += [" ".join(fields) for fields in self._log() if fields[2] == "failed"]
        return errors or (["it ended by itself: see " + self._prefix + ".words"] if early else [])

    def _log(self):
        for path in glob.glob(self._prefix + ".[0-9]*"):
            with open(path) as log:
                yield from (line.split() for line in log if line.count(" ") >= 5)

    def requests(self):
        """(when it was due, seconds that it took) of each."""
        for fields in self._log():
            if fields[2].isdigit():
                took = int(fields[2]) / 1e6
                yield int(fields[4]) + int(fields[5]) / 1e6 - took, took


class Processors:
    """What share of them has been busy since."""

    def __init__(self):
        self._began = self._read()

    @staticmethod
    def _read():
        with open("/proc/stat") as file:
            return [int(ticks) for ticks in file.readline().split()[1:9]]

    def busy(self):
        ticks = [now - then for now, then in zip(self._read(), self._began)]
        return 1 - (ticks[3] + ticks[4]) / sum(ticks)


# Of the log that is kept to be written again: more than is written in a run.
_SEGMENTS = 250


def age(ground):
    """A server that has been at work for long writes its log into files that it has; a new one makes each file when it comes to it, and all
    that write wait meanwhile."""
    ground.sql(f"SELECT max(pg_create_restore_point('age')), max(pg_switch_wal()) FROM generate_series(1, {_SEGMENTS})", "CHECKPOINT")


def half_capacity(ground, workload, clients, seconds):
    """Requests a second that keep the machine's processors half busy, the clients included. Half of what it answers when each client asks
    as fast as it is answered would keep them three quarters busy: commits share a flush of the log then."""
    began = time.monotonic()
    traffic = Traffic(ground, workload, "capacity", "public_base", clients, seconds=seconds)
    traffic.wait()
    most = sum(1 for _ in traffic.requests()) / (time.monotonic() - began)
    processors = Processors()
    Traffic(ground, workload, "quarter", "public_base", clients, most / 4, seconds).wait()
    return most / 4 * 0.5 / processors.busy()


def percentile(ordered, share):
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def figures(requests, begin, end):
    """Of those that were due between two times; requests in order."""
    first, last = bisect.bisect_left(requests, (begin,)), bisect.bisect_left(requests, (end,))
    ordered = sorted(took for _, took in requests[first:last])
    if not ordered:
        return None
    return {"seconds": end - begin, "requests": len(ordered), "p50_ms": percentile(ordered, 0.5) * 1e3,
            "p95_ms": percentile(ordered, 0.95) * 1e3, "p99_ms": percentile(ordered, 0.99) * 1e3,
            "p999_ms": percentile(ordered, 0.999) * 1e3, "longest_ms": ordered[-1] * 1e3}


class Segue:
    def __init__(self, ground, program, more):
        self._ground, self._program, self._more = ground, program, more
        self.file = os.path.join(ground.folder, "bench_throttle.sql")
        with open(self.file, "w") as file:
            file.write(MIGRATION)

    def run(self, *arguments, walks=True):
        result = subprocess.run([self._program, *arguments, *(self._more if walks else ()), "--json", "--url",
                                 self._ground.server.url(self._ground.database)], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, check=False)
        if result.returncode != 0:
            sys.exit(f"segue {' '.join(arguments)}: exit {result.returncode}\n{result.stderr.decode()[-3000:]}")
        return json.loads(result.stdout) if result.stdout.strip() else {}


def migrate(ground, options, strategy, rate):
    """One migration from start to complete under traffic. Old and new version have half of it each while both live."""
    clients, half = max(1, options.clients // 2), rate / 2
    segue = Segue(ground, options.segue, options.segue_arguments)
    segue.run("init", walks=False)
    errors = []

    def traffic(name, version):
        return Traffic(ground, options.workload, name, version, clients, half)

    load = os.getloadavg()[0]
    one, two = (traffic(name, "public_base") for name in ("old_one", "old_two"))
    time.sleep(_WARM_UP)
    times = {"baseline": time.time()}
    processors = Processors()
    time.sleep(options.seconds)
    busy = processors.busy()
    times["start"] = time.time()
    started = segue.run("start", segue.file, "--strategy", strategy)
    times["both"] = time.time()
    errors += two.end()
    three = traffic("new_one", _NEW_VERSION)
    time.sleep(options.hold)
    errors += one.end()
    four = traffic("new_two", _NEW_VERSION)
    time.sleep(2)
    times["complete"] = time.time()
    segue.run("complete", "--force")
    times["end"] = time.time()
    time.sleep(2)
    errors += three.end() + four.end()
    requests = sorted(request for part in (one, two, three, four) for request in part.requests())
    names = list(times)
    phases = {name: figures(requests, times[name], times[after]) for name, after in zip(names, names[1:])}
    phases["whole"] = figures(requests, times["start"], times["end"])
    return {"strategy": strategy, "workload": options.workload, "rate": rate, "load": load, "busy": busy, "rows": ground.rows, "phases": phases,
            "segue_phases": started.get("phases"), "errors": errors, **promise(phases, errors)}


def promise(phases, errors):
    base, whole = phases["baseline"], phases["whole"]
    ratios = {"p95": whole["p95_ms"] / base["p95_ms"], "p999": whole["p999_ms"] / base["p999_ms"],
              "longest_ms": whole["longest_ms"]}
    return {"ratios": ratios, "kept": not errors and all(ratios[name] <= most for name, most in PROMISE.items())}


def show(one):
    base = one["phases"]["baseline"]
    print(f"\n{one['strategy']}: {one['rows']:,} rows, {one['rate']:.0f} requests a second ({one['workload']}), processors {one['busy']:.0%} busy with"
          f" them, load {one['load']:.1f} before")
    print(f"{'':10}{'seconds':>9}{'requests':>10}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>7}{'p99 ms':>9}{'p99.9 ms':>10}{'ratio':>7}"
          f"{'longest ms':>12}")
    for name, phase in one["phases"].items():
        if phase:
            print(f"{name:10}{phase['seconds']:9.1f}{phase['requests']:10,}{phase['p50_ms']:9.2f}{phase['p95_ms']:9.2f}"
                  f"{phase['p95_ms'] / base['p95_ms']:7.2f}{phase['p99_ms']:9.2f}{phase['p999_ms']:10.2f}"
                  f"{phase['p999_ms'] / base['p999_ms']:7.2f}{phase['longest_ms']:12.1f}")
    print(f"{len(one['errors'])} errors; the promise is {'kept' if one['kept'] else 'NOT kept'}", flush=True)
    for error in one["errors"][:5]:
        print("  " + error)


def summary(results):
    print(f"\nmedians of whole migrations{'':9}{'p95':>8}{'p99.9':>8}{'longest ms':>12}{'errors':>8}{'kept':>10}")
    for strategy in STRATEGIES:
        own = [one for one in results if one["strategy"] == strategy]
        if own:
            median = {name: statistics.median(one["ratios"][name] for one in own) for name in PROMISE}
            print(f"{strategy:36}{median['p95']:8.2f}{median['p999']:8.2f}{median['longest_ms']:12.1f}"
                  f"{sum(len(one['errors']) for one in own):8}{sum(one['kept'] for one in own):7}/{len(own)}")
    print(f"{'promised':36}{PROMISE['p95']:8.2f}{PROMISE['p999']:8.2f}{PROMISE['longest_ms']:12.1f}{0:8}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, epilog="What follows -- goes to segue start: -- --max-p95 1.5")
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--indexes", type=int, default=2, help="secondary indexes")
    parser.add_argument("--strategies", default=",".join(STRATEGIES))
    parser.add_argument("--workload", choices=WORKLOADS, default="transactions", help="what the application's writes are")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rate", type=float, help="requests a second; without it what keeps the processors half busy, measured first")
    parser.add_argument("--seconds", type=float, default=60, help="of the baseline")
    parser.add_argument("--wal-level", default="logical", help="with logical a rebuild decodes the log; with replica it uses triggers")
    parser.add_argument("--hold", type=float, default=10, help="seconds that both versions are live")
    parser.add_argument("--segue", default=os.path.join(_ROOT, "build", "segue"))
    parser.add_argument("--json", metavar="FILE")
    own, more = sys.argv[1:], []
    if "--" in own:
        own, more = own[:own.index("--")], own[own.index("--") + 1:]
    options = parser.parse_args(own)
    options.segue_arguments = more
    return options


def main():
    options = parse_arguments()
    results = []
    for _ in range(options.rounds):
        for strategy in options.strategies.split(","):  # in turn, so that what changes on the machine changes for all
            server = Server(DEBIAN_BIN, dict(SETTINGS, autovacuum="on", wal_level=options.wal_level, min_wal_size=f"{16 * _SEGMENTS}MB"))
            try:
                ground = Ground(server, options.segue, options.rows, options.indexes, options.indexes // 2, 1)
                ground.sql(*_AROUND)
                age(ground)
                rate = options.rate or half_capacity(ground, options.workload, options.clients, 10)
                results.append(migrate(ground, options, strategy, rate))
            finally:
                server.stop()
            show(results[-1])
    summary(results)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"promise": PROMISE, "runs": results}, file, indent=1)


if __name__ == "__main__":
    main()
