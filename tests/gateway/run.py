"""script/gateway-clients: clients that nobody here wrote do a job of work through segue gateway, and find what they find beside it; and they are
at steady work through it while a migration is started, their sessions go to and fro between its versions, and it is completed."""

import argparse
import os
import random
import sys

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(_ROOT, "tests"))

from lib import gateway_clients, steady  # noqa: E402
from lib.gateway import Gateway  # noqa: E402
from lib.own_tests import OwnTests  # noqa: E402
from lib.program import Program  # noqa: E402
from lib.report import Report  # noqa: E402
from lib.server import DEBIAN_BIN, Server  # noqa: E402


def _ride(report, segue, server, name, begin):
    """Steady work of it while versions change under it."""
    with report.test(f"[{server.major}] {name} sees no error while its sessions move between versions, through start and cut-over"):
        report.note(f"{name}: {steady.ride(segue, server, name, begin)}")


def _own_tests(report, options, server, gateway):
    """PostgreSQL's own, which want a server as they expect it."""
    settings = {"timezone": "PST8PDT", "max_connections": "100"}
    own = OwnTests()
    own.fetch()

    def start():
        host = _address()
        return Server(options.pg, dict(settings, listen_addresses=host)), host
    with report.test(f"[{server.major}] PostgreSQL's own tests say the same through the gateway and beside it"):
        report.note(own.pipelines(server, gateway))
        report.note(own.regression(start, lambda another: Gateway(options.segue, another)))


def _address():
    """One of this machine that hardly anybody uses: JDBC knows no unix sockets."""
    return f"127.0.{random.randrange(1, 255)}.{random.randrange(1, 255)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clients", metavar="CLIENT", nargs="*", default=gateway_clients.names(), help="of tests/gateway; all without")
    parser.add_argument("--pg", metavar="BIN_DIR", default=DEBIAN_BIN)
    parser.add_argument("--segue", metavar="PATH", default=os.path.join(_ROOT, "build", "segue"))
    parser.add_argument("--must", action="store_true", help="a client that cannot be had counts as failed")
    parser.add_argument("--own-tests", action="store_true", help="PostgreSQL's own tests instead, of Debian's source package; minutes")
    options = parser.parse_args()
    report, skipped, segue = Report(True), [], Program(options.segue)
    tcp = _address()
    server = Server(options.pg, {"listen_addresses": tcp})
    try:
        with Gateway(options.segue, server) as gateway:
            if options.own_tests:
                _own_tests(report, options, server, gateway)
            for name in [] if options.own_tests else options.clients:
                client = gateway_clients.Client(name)
                try:
                    client.fetch()
                except gateway_clients.Unavailable as why:
                    print(f"SKIPPED  {name}: {why}", flush=True)
                    skipped.append(name)
                    continue
                if client.has_job():
                    with report.test(f"[{server.major}] {name} finds through the gateway what it finds beside it"):
                        client.require_same(server, tcp, gateway)
                        gateway.require_runs()
                _ride(report, segue, server, name, client.steady)
    finally:
        server.stop()
    status = report.summary()
    if skipped:
        print(f"skipped, since they cannot be had here: {' '.join(skipped)}")
    return 1 if skipped and options.must else status


if __name__ == "__main__":
    sys.exit(main())
