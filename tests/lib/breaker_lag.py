"""A replica that falls behind while a new version has sessions: the breaker's --breaker-lag, with a standby that streams."""

import json

from . import server as servers
from .callers import Callers
from .gateway import Gateway
from .oracle_ramp import RampGround
from .report import require
from .standby import Standby
from .traffic import wait_until

_OPTIONS = ("--breaker-p95", "1000000", "--breaker-probe", "0")


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


def _gateway(ground, limit):
    return Gateway(ground.context.options.segue, ground.server, *_OPTIONS, "--breaker-lag", limit,
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


def _is_left(ground, standby, limit, words):
    with _gateway(ground, limit) as gateway, Callers(ground, "visits", gateway=gateway) as callers:
        callers.go_on(50)
        ground.segue.must("ramp", "--force", "50")
        wait_until(lambda: callers.calls and _seen(ground), "the version has sessions, and the replica is looked at", seen=gateway.said)
        require(_seen(ground)["name"] == "walreceiver", f"{_seen(ground)}")
        reason = lambda: ground.value(ground.database, "SELECT tripped FROM segue.ramps")
        require(reason() is None, f"{reason()}")
        standby.stop_replay()
        ground.run(ground.database, "SELECT pg_logical_emit_message(false, 'much', repeat('x', 3000000))")
        wait_until(reason, "it is left", seen=lambda: (_seen(ground), gateway.said()[-2000:]))
        standby.go_on()
        ground.context.report.note(f"[{ground.server.major}] --breaker-lag {limit}: {reason()}")
        require("replica walreceiver is" in reason() and words in reason(), f"another reason: {reason()}")
        callers.go_on(50)
