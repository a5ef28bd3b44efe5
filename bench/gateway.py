"""script/bench-gateway: what an application pays for a gateway between it and the server: nothing between them, a relay that looks at nothing, PgBouncer, segue gateway, in
turn within one run."""

import argparse
import contextlib
import glob
import json
import math
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(_ROOT, "tests"))

from lib import frontend  # noqa: E402
from lib.gateway import Gateway  # noqa: E402
from lib.server import DEBIAN_BIN, PORT, Server  # noqa: E402
from lib.traffic import wait_until  # noqa: E402

WAYS = ("direct", "relay", "pgbouncer", "segue")
GATEWAYS = ("pgbouncer", "segue")
_CLIENTS = 8
LOADS = {"select, -j 1": ("-S", "-j", "1"), "select, -j 2": ("-S", "-j", "2"), "tpc-b, -j 2": ("-j", "2")}
_SCALE = 10
_RATE = 2000  # requests a second at which latency is measured: all three rest between them
_SETTINGS = {"max_connections": "2200", "shared_buffers": "512MB", "autovacuum": "off"}


class Bouncer:
    """PgBouncer, pooling sessions, as segue gateway does."""

    def __init__(self, server, host):
        self.folder = tempfile.mkdtemp(prefix="pgbouncer-", dir=server.folder)
        self.port = random.randrange(20000, 30000)
        settings = os.path.join(self.folder, "pgbouncer.ini")
        with open(settings, "w") as file:
            file.write(f"[databases]\n* = host={host} port={PORT} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
                       f"listen_port = {self.port}\nunix_socket_dir =\nauth_type = any\npool_mode = session\nmax_client_conn = 5000\n"
                       f"default_pool_size = 3000\nignore_startup_parameters = extra_float_digits\n")
        if server.user:
            os.chown(self.folder, server.user.pw_uid, server.user.pw_gid)
            os.chmod(settings, 0o644)
        self._process = subprocess.Popen([shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", "-q", settings], preexec_fn=server.as_its_user(),
                                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid = self._process.pid
        wait_until(self._listens, "PgBouncer listens")

    def _listens(self):
        with contextlib.suppress(OSError), frontend.Frontend(("127.0.0.1", self.port)):
            return True
        return False

    def stop(self):
        self._process.terminate()
        self._process.wait(20)


class Relay:
    """bench/relay.c: bytes passed on by somebody who does not look at them."""

    def __init__(self, server, host):
        program = os.path.join(server.folder, "relay")
        subprocess.run(["cc", "-O2", "-pthread", "-D_GNU_SOURCE", "-o", program, os.path.join(_ROOT, "bench", "relay.c")], check=True)
        self._process = subprocess.Popen([program, host, str(PORT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._process.stdout.readline())

    def stop(self):
        self._process.communicate(timeout=20)


class Ground:
    """The server and what stands before it. host: how all three reach it, an address or the folder of its socket."""

    def __init__(self, server, segue, host):
        self._server, self._host = server, host
        url = f"postgresql://postgres@/postgres?host={host}&port={PORT}"
        self._gateway = Gateway(segue, server, url=url)
        self._bouncer = Bouncer(server, host)
        self._relay = Relay(server, host)
        self.pids = {"pgbouncer": self._bouncer.pid, "segue": self._gateway.pid}

    def where(self, way):
        if way == "direct":
            return self._host, PORT
        return "127.0.0.1", {"relay": self._relay, "pgbouncer": self._bouncer, "segue": self._gateway}[way].port

    def pgbench(self, way, *arguments):
        host, port = self.where(way)
        done = subprocess.run([os.path.join(DEBIAN_BIN, "pgbench"), "-h", host, "-p", str(port), "-U", "postgres", "-n", "-M", "prepared",
                               "-c", str(_CLIENTS), *arguments, "postgres"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        found = re.search(r"tps = ([\d.]+) \(without initial", done.stdout)
        if done.returncode or not found or "failed transactions: 0 " not in done.stdout:
            raise RuntimeError(f"pgbench through {way}:\n{done.stdout}{done.stderr}")
        return float(found.group(1))

    def latencies(self, way, seconds):
        """Milliseconds of each request at a fixed rate, from when it was sent."""
        with tempfile.TemporaryDirectory() as folder:
            self.pgbench(way, "-S", "-j", "1", "-R", str(_RATE), "-T", str(seconds), "-l", "--log-prefix", os.path.join(folder, "log"))
            found = []
            for path in glob.glob(os.path.join(folder, "log.*")):
                with open(path) as log:
                    found += [(int(fields[2]) - int(fields[6])) / 1000 for fields in map(str.split, log) if len(fields) >= 7]
        return found

    def stop(self):
        self._relay.stop()
        self._bouncer.stop()
        self._gateway.stop()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def in_turn(rounds, act):
    """{way: [what act gave]}: each round asks all, and another one first."""
    found = {way: [] for way in WAYS}
    for number in range(rounds):
        for way in WAYS[number % len(WAYS):] + WAYS[:number % len(WAYS)]:
            found[way].append(act(way))
    return found


def throughput(ground, options):
    results = {}
    for load, arguments in LOADS.items():
        runs = in_turn(options.rounds, lambda way, arguments=arguments: ground.pgbench(way, *arguments, "-T", str(options.seconds)))
        median = {way: statistics.median(runs[way]) for way in WAYS}
        # Each round's own ratio: what the machine is like meanwhile is the same for both.
        ratios = {way: [mine / theirs for mine, theirs in zip(runs[way], runs["pgbouncer"])] for way in ("relay", "segue")}
        results[load] = {"tps": runs, "median": median, "of_direct": {way: median[way] / median["direct"] for way in WAYS},
                         "segue_to_pgbouncer": statistics.median(ratios["segue"]), "lowest": min(ratios["segue"]), "highest": max(ratios["segue"]),
                         "relay_to_pgbouncer": statistics.median(ratios["relay"])}
        show(load, results[load])
    return results


def show(load, one):
    print(f"  {load:14}" + "".join(f"{one['median'][way]:12,.0f}" for way in WAYS) + "".join(f"{one['of_direct'][way]:9.2f}" for way in WAYS[1:])
          + f"{one['segue_to_pgbouncer']:9.2f} ({one['lowest']:.2f} to {one['highest']:.2f}), the relay {one['relay_to_pgbouncer']:.2f}", flush=True)


def latency(ground, options):
    runs = in_turn(options.rounds, lambda way: ground.latencies(way, options.latency_seconds))
    result = {}
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        each = {way: statistics.median(percentile(run, share) for run in runs[way]) for way in WAYS}
        added = {way: each[way] - each["direct"] for way in WAYS[1:]}
        result[name] = {"ms": each, "added_ms": added, "segue_to_pgbouncer": added["segue"] / added["pgbouncer"]}
        print(f"  {name} at {_RATE}/s" + "".join(f"{each[way]:11.3f}" for way in WAYS)
              + f" ms; added: relay {added['relay']:.3f}, PgBouncer {added['pgbouncer']:.3f}, segue {added['segue']:.3f}: {result[name]['segue_to_pgbouncer']:.2f}", flush=True)
    return result


def resident_kb(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1))


def idle(ground, sessions):
    """kB that an idle session takes, each with a backend of its own. PgBouncer is the last, since it keeps them."""
    result = {}
    for way in reversed(GATEWAYS):
        before = resident_kb(ground.pids[way])
        with contextlib.ExitStack() as stack:
            for _ in range(sessions):
                client = stack.enter_context(frontend.Frontend(ground.where(way)))
                client.begin()
                client.ask("SELECT 1")
            result[way] = (resident_kb(ground.pids[way]) - before) / sessions
        print(f"  {sessions} idle sessions: {way} {result[way]:.1f} kB each", flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each run of pgbench")
    parser.add_argument("--latency-seconds", type=int, default=5, help="of each run at a fixed rate")
    parser.add_argument("--sessions", type=int, default=2000, help="idle ones whose memory is measured; 0: none")
    parser.add_argument("--links", default="tcp,unix", help="how the server is reached")
    parser.add_argument("--segue", metavar="PATH", default=os.path.join(_ROOT, "build", "segue"))
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    address = f"127.0.{random.randrange(1, 255)}.{random.randrange(1, 255)}"
    server = Server(DEBIAN_BIN, dict(_SETTINGS, listen_addresses=address))
    results = {}
    try:
        subprocess.run([os.path.join(DEBIAN_BIN, "pgbench"), "-i", "-q", "-s", str(_SCALE), "-h", server.folder, "-U", "postgres", "postgres"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for link in options.links.split(","):
            ground = Ground(server, options.segue, address if link == "tcp" else server.folder)
            try:
                print(f"the server over {link}: transactions a second{'':6}direct       relay   PgBouncer       segue    shares of direct         to PgBouncer", flush=True)
                results[link] = {"throughput": throughput(ground, options), "latency": latency(ground, options)}
                if options.sessions and "memory_kb" not in results:
                    results["memory_kb"] = idle(ground, options.sessions)
            finally:
                ground.stop()
    finally:
        server.stop()
    if options.json:
        with open(options.json, "w") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
