"""Sessions that are short: pgbench with a connection a transaction, psql with one command, and pg_dump. Each transaction writes one visit and one row
of the ledger, so that whatever a dump saw must hold as many of the one as of the other."""
import os
import re
import signal
import subprocess
import tempfile

import work


def run(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0 and not done.stderr, f"{words[0]}: {done.stderr}"
    return done.stdout


def both(worker):
    return f"UPDATE users SET visits = visits + 1 WHERE id = {worker.id};\nINSERT INTO ledger (mode) VALUES ('{worker.mode}');\n"


def psql(worker):
    for _ in worker.rounds():
        run("psql", "-X", "-q", "-c", both(worker))
        worker.visited(int(run("psql", "-X", "-A", "-t", "-c", f"SELECT visits FROM users WHERE id = {worker.id}")))


def column(dump, table, name):
    """Its values, of all rows of the table."""
    head, lines = re.search(rf"^COPY public\.{table} \((.*?)\) FROM stdin;\n(.*?)^\\\.$", dump, re.M | re.S).groups()
    number = head.split(", ").index(name)
    return [line.split("\t")[number] for line in lines.splitlines()]


def pg_dump(worker):
    for _ in worker.rounds():
        dump = run("pg_dump", "--schema", "public")
        assert "-- PostgreSQL database dump complete" in dump, dump[-500:]
        visits = [int(value) for value in column(dump, "users", "visits")]
        rows = column(dump, "ledger", "mode")
        assert len(visits) == 2000 and sum(visits) == len(rows) >= worker.visits, f"{sum(visits)} visits of {len(visits)}, {len(rows)} rows"
        run("psql", "-X", "-q", "-c", both(worker))
        worker.visited(worker.visits + 1)


def pgbench(worker):
    with tempfile.NamedTemporaryFile("w") as script:
        script.write(f"BEGIN;\n{both(worker)}COMMIT;\n")
        script.flush()
        bench = subprocess.Popen(["pgbench", "-n", "-C", "-f", script.name, "-c", "2", "-R", "40", "-T", "3600"], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, env=os.environ)
        for _ in worker.rounds():
            assert bench.poll() is None, bench.stdout.read()
        bench.send_signal(signal.SIGALRM)
        said, _ = bench.communicate()
    done = re.search(r"actually processed: (\d+)", said)
    assert bench.returncode == 0 and done and "number of failed transactions: 0 " in said, said
    worker.visits = worker.rows = int(done[1])


work.run({"psql": psql, "pg_dump": pg_dump, "pgbench": pgbench}, "short")
