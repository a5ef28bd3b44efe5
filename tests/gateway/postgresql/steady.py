"""PostgreSQL's own programs at steady work: psql with \\copy both ways and with \\watch, pgbench in its three modes."""
import os
import re
import signal
import subprocess
import tempfile

import work

_CLIENTS = 2  # of each pgbench
_MODES = ("simple", "extended", "prepared")


def program(worker, *words, **more):
    environment = dict(os.environ, PGAPPNAME=worker.mode)
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)


def psql(worker):
    with tempfile.TemporaryDirectory() as folder, program(worker, "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", stdin=subprocess.PIPE) as shell:
        lines, out = os.path.join(folder, "lines"), os.path.join(folder, "out")
        with open(lines, "w") as file:
            file.write(f"{worker.mode}\n" * 5)
        for _ in worker.rounds():
            print(f"\\copy ledger (mode) FROM '{lines}'", f"{work.VISIT.format(worker.id)};", f"\\copy ({work.ROW}{worker.id}) TO '{out}'",
                  "\\echo done", sep="\n", file=shell.stdin, flush=True)
            said = list(iter(lambda: shell.stdout.readline().strip() or "(nothing)", "done")) if shell.poll() is None else [shell.stdout.read()]
            assert len(said) == 1 and said[0].isdigit(), said
            worker.visited(int(said[0]), 5)
            with open(out) as file:
                copied = file.read()
            assert copied.startswith(f"{worker.id}\t{worker.visits}\tnote of {worker.id}: äöü\t"), copied
        shell.stdin.close()


def watch(worker):
    statement = f"WITH v AS ({work.VISIT.format(worker.id)}), l AS ({work.LEDGER.format(repr(worker.mode))}) SELECT 'visits ' || visits FROM v \\watch 0.02\n"
    with program(worker, "psql", "-X", "-q", "-A", "-t", stdin=subprocess.PIPE) as shell:
        shell.stdin.write(statement)
        shell.stdin.flush()
        for _ in worker.rounds():
            _watched(worker, shell.stdout.readline())
        shell.send_signal(signal.SIGINT)
        shell.stdin.close()
        for line in shell.stdout:
            _watched(worker, line)
    # What psql is interrupted in it does not print, done or not.
    found = int(subprocess.check_output(["psql", "-X", "-A", "-t", "-c", f"SELECT visits FROM users WHERE id = {worker.id}"]))
    assert found - worker.visits in (0, 1), f"{found} visits, {worker.visits} of them seen"
    worker.visits = worker.rows = found


def _watched(worker, line):
    visits = re.match(r"visits (\d+)$", line)
    if visits:
        worker.visited(int(visits[1]))
    # Ahead of each answer stands the time; the last one may have been cancelled with the watching.
    assert "ERROR" not in line or "user request" in line, line
    assert line, "psql has ended"


def pgbench(mode):
    def bench(worker):
        with tempfile.NamedTemporaryFile("w") as script:
            print("BEGIN;", f"UPDATE users SET visits = visits + 1 WHERE id = {worker.id};", f"SELECT note FROM users WHERE id = {worker.id};",
                  f"INSERT INTO ledger (mode) VALUES ('{worker.mode}');", "COMMIT;", f"{work.ROW}{worker.id};", sep="\n", file=script, flush=True)
            run = program(worker, "pgbench", "-n", "-f", script.name, "-M", mode, "-c", str(_CLIENTS), "-R", "200", "-T", "3600")
            for _ in worker.rounds():
                assert run.poll() is None, run.stdout.read()
            run.send_signal(signal.SIGALRM)  # by which it notes that its time is over
            said, _ = run.communicate()
        done = re.search(r"actually processed: (\d+)", said)
        assert run.returncode == 0 and done and "number of failed transactions: 0 " in said, said
        worker.visits = worker.rows = int(done[1])
    return bench


modes = {"psql": psql, "psql watch": watch} | {f"pgbench {mode}": pgbench(mode) for mode in _MODES}
work.run(modes, 3 + len(_MODES) * (_CLIENTS + 1))  # psql looks once more, and pgbench before it begins
