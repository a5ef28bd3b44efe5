"""psql, for what a person would run with psql: schema files and the twin's migration."""

import os
import shutil
import subprocess

from . import server as server_module


def run_file(server, database, path, user=server_module.SUPERUSER):
    """Runs a file statement by statement; raises with psql's own words when one fails."""
    program = shutil.which("psql") or os.path.join(server_module.DEBIAN_BIN, "psql")
    result = subprocess.run(
        [program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", server.conninfo(database, user), "-f", path],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    if result.returncode != 0:
        raise RuntimeError("psql failed: " + result.stderr.decode(errors="replace"))
