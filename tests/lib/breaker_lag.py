"""A replica that falls behind while a new version has sessions: the breaker's --breaker-lag, with a standby that streams."""

import json
import urllib.request

from . import server as servers
from .callers import Callers
from .gateway import Gateway
from .oracle_ramp import RampGround
from .pq import Connection
from .report import require
from .standby import Standby
from .tls_server import free_port
from .traffic import wait_until

_OPTIONS = ("--breaker-p95", "1000000", "--breaker-probe", "0")
_CONSOLE = 6433  # names the file of its socket


def lags(context, base):
    """A version is left while a replica stays further behind than --breaker-lag says, in seconds or bytes; a role that may not see replicas is told so once"""
    server = servers.Server(base.bin_dir)
    try:
        with RampGround(context, server) as ground, Standby(server) as standby:
            ground.make_roles()
            wait_until(standby.streams, "the standby streams")
            _is_hidden(ground)
            ground.run(ground.database, "GRANT pg_read_all_stats TO segue_gateway")
            for limit, words in (("1s", "1 s may be"), ("1MB", "1 MB may be")):
                _is_left(ground, standby, limit, words)
    finally:
        server.stop()


def _gateway(ground, limit, *more):
    return Gateway(ground.context.options.segue, ground.server, *_OPTIONS, "--breaker-lag", limit, *more,
                   url=ground.server.url(ground.database, "segue_gateway"))


def _seen(ground):
    """What the gateway says of the replica that is furthest behind."""
    with ground.server.connect(ground.database) as connection:
        said = [json.loads(sessions) for sessions, in connection.rows("SELECT sessions FROM segue.gateways WHERE sessions::jsonb ? 'replica'")]
    return said[0]["replica"] if said else None


def _is_hidden(ground):
    with _gateway(ground, "1s") as gateway:
        said = lambda: [line for line in gateway.said().splitlines() if "event=replica_lag" in line]
        wait_until(said, "it is said that replicas are hidden", seen=gateway.said)
        turns = "SELECT max(seen_at) FROM segue.gateways"
        for _ in range(2):  # looks more
            before = ground.value(ground.database, turns)
            wait_until(lambda before=before: ground.value(ground.database, turns) > before, "the gateway goes on")
        require(len(said()) == 1 and "GRANT pg_read_all_stats" in said()[0] and not _seen(ground), f"{said()}")


def _told(ground, port):
    """The bytes by which it is behind, as the console and the metrics say."""
    with Connection(f"host={ground.server.folder} port={_CONSOLE} user=anybody dbname=anything") as console:
        shown = console.dicts("SHOW STATS")[0]
    require(shown["replica"] == "walreceiver" and float(shown["replica_lag_seconds"]) >= 0, f"{shown}")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        told = dict(line.split() for line in answer.read().decode().splitlines() if line.startswith("segue_gateway_replica_lag"))
    require(set(told) == {"segue_gateway_replica_lag_seconds", "segue_gateway_replica_lag_bytes"}, f"{told}")
    return float(shown["replica_lag_bytes"]), float(told["segue_gateway_replica_lag_bytes"])


def _is_left(ground, standby, limit, words):
    port = free_port()
    with _gateway(ground, limit, "--metrics", f"127.0.0.1:{port}", "--console", f"{ground.server.folder}:{_CONSOLE}") as gateway, \
            Callers(ground, "visits", gateway=gateway) as callers:
        wait_until(lambda: (_seen(ground) or {"bytes": 1e9})["bytes"] < 1e6, "the replica is looked at, and has come far enough", seen=gateway.said)
        require(_seen(ground)["name"] == "walreceiver", f"{_seen(ground)}")
        ground.segue.must("ramp", "--force", "50")
        wait_until(lambda: callers.calls or callers.unexpected, "the version has sessions", seen=gateway.said)
        reason = lambda: ground.value(ground.database, "SELECT tripped FROM segue.ramps")
        require(reason() is None, f"{reason()}")
        standby.stop_replay()
        ground.run(ground.database, "SELECT pg_logical_emit_message(false, 'much', repeat('x', 3000000))")
        wait_until(reason, "it is left", seen=lambda: (_seen(ground), gateway.said()[-2000:]))
        require(min(_told(ground, port)) > 3000000, f"{_told(ground, port)}")
        standby.go_on()
        ground.context.report.note(f"[{ground.server.major}] --breaker-lag {limit}: {reason()}")
        require("replica walreceiver is" in reason() and words in reason(), f"another reason: {reason()}")
        callers.go_on(50)
