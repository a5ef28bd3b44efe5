"""script/gateway-torture: mangled bytes against a gateway that sanitizers watch."""

import argparse
import os
import random
import re
import sys
import threading

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(_ROOT, "tests"))

from gateway import actors  # noqa: E402
from lib import conversations  # noqa: E402
from lib.gateway import Gateway  # noqa: E402
from lib.mangling import ROLE, Mangling, mangle_console  # noqa: E402
from lib.program import Program  # noqa: E402
from lib.server import DEBIAN_BIN  # noqa: E402
from lib.tls_server import TlsServer, free_port  # noqa: E402

_WATCHED = {"ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:exitcode=99", "UBSAN_OPTIONS": "print_stacktrace=1",
            "TSAN_OPTIONS": "exitcode=99"}
_REPORT = re.compile(r"(AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error)")


_CONSOLE = 6433  # names the file of its socket
_MIGRATION = """
-- segue: up   people.name = upper(word)
-- segue: down people.word = lower(name)
ALTER TABLE people ADD COLUMN name text;
ALTER TABLE people DROP COLUMN word;
"""


def two_versions(program, server, database):
    """Has two versions live in the database."""
    path = os.path.join(server.folder, "torture.sql")
    with open(path, "w") as file:
        file.write(_MIGRATION)
    with server.connect(database) as connection:
        connection.execute("CREATE TABLE people (id integer PRIMARY KEY, word text)")
    segue = Program(program).on(server, database)
    segue.must("init")
    segue.must("start", path)
    return segue


def features(server, database, seed):
    """What a gateway can do, as options, with a server that encrypts or not; the ports and paths that they name."""
    metrics, hand_over, config = free_port(), os.path.join(server.folder, "hand-over"), os.path.join(server.folder, "gateway.toml")
    with server.connect(database) as connection, open(config, "w") as file:
        file.write(actors.RULES.format(connection.value("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'public\\_%' AND nspname <> 'public_base'")))
    options = ("--breaker-errors", "100", "--breaker-p95", "1000000", "--console", f"{server.folder}:{_CONSOLE}", "--metrics", f"127.0.0.1:{metrics}",
               "--hand-over", hand_over, "--config", config, "--tls-cert", server.authority.certificate("server"), "--tls-key", server.authority.key("server"),
               "--compare", "50", "--compare-role", "comparer", "--compare-values", "--keep-statements", "--idle-timeout", "20s",
               "--shadow", server.url(mirror(server)), "--shadow-queue", os.path.join(server.folder, "queue"), "--shadow-max", "16")
    return options, server.tcp_url(database, f"sslmode={('require', 'disable')[seed % 2]}"), metrics, hand_over


def mirror(server):
    """A database in which is written what is written in the other, or what of it can be."""
    name = server.create("mirror")
    with server.connect(name) as connection:
        connection.execute(f"{conversations.SCHEMA}; CREATE TABLE counted (id integer PRIMARY KEY, n integer NOT NULL);"
                           f"INSERT INTO counted SELECT i, 0 FROM generate_series(1, 3) i; GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}, keyed, hashed")
    return name


def ramp(segue, ended, wrong):
    """Moves sessions, and single reads, to and fro until the end."""
    while not ended.is_set():
        for words in (("100",), ("50",), ("50", "--reads"), ("0",), ("100", "--reads"), ("0", "--reads")):
            result = segue.run("ramp", *words)
            if result.code:
                wrong.append(str(result))
            ended.wait(2)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segue", metavar="PATH", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--pg", metavar="BIN_DIR", default=DEBIAN_BIN)
    options = parser.parse_args()
    server = TlsServer(options.pg, {"max_connections": "300"})
    try:
        database = server.create("mangled")
        with server.connect(database) as connection:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN; {conversations.SCHEMA}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}")
            connection.execute(actors.SCHEMA)
        segue = two_versions(options.segue, server, database)
        words, url, metrics, hand_over = features(server, database, options.seed)
        gateway = Gateway(options.segue, server, *words, environment=_WATCHED, url=url)
        mangling = Mangling(gateway, database, options.seed, actors.Encrypted)
        ended = threading.Event()
        beside, counting = actors.threads(gateway, database, metrics, hand_over, options.seed, ended, mangling.wrong)
        console = os.path.join(server.folder, f".s.PGSQL.{_CONSOLE}")
        beside += [threading.Thread(target=ramp, args=(segue, ended, mangling.wrong)),
                   threading.Thread(target=mangle_console, args=(random.Random(options.seed), console, ended))]
        for thread in beside:
            thread.start()
        mangling.run(options.seconds)
        ended.set()
        for thread in beside:
            thread.join()
        ran = gateway.runs()
        with server.connect(database) as connection:
            counts = connection.value("SELECT sum(n) FROM counted")
        figures = actors.figures(metrics) if ran else {}
        status = gateway.stop()
        reports = len(_REPORT.findall(gateway.said()))
    finally:
        server.stop()
    if counts != str(counting.counted) or not counting.counted:
        mangling.wrong.append(f"{counts} were counted, {counting.counted} were told")
    good = len(mangling.paths) > 1 and ran and status == 0 and not reports and not mangling.wrong and mangling.answers > 0 and mangling.said > 0 and all(figures.values())
    if not good:
        print(gateway.said()[-20000:], *mangling.wrong[:5], sep="\n")
    print(f"seed {options.seed}: {mangling.said} mangled conversations, {mangling.answers} honest answers on {len(mangling.paths)} search paths, "
          f"{counting.counted} updates that conflict, {len(mangling.wrong)} wrong, {figures}, "
          f"{reports} reports, exit {status}: {'good' if good else 'FAILED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
