"""A streaming standby of a server that the tests have started."""

import os
import shutil
import signal
import subprocess

from . import server as servers


class Standby:
    """Ends with the with block; its primary does not."""

    def __init__(self, primary):
        self.primary = primary
        self.folder = os.path.join(primary.folder, "standby")
        self._process, self._stopped = None, []
        self._copy()
        self.start()

    def _copy(self):
        """A backup by hand: not every package has pg_basebackup."""
        primary = self.primary
        begin, end = (("pg_start_backup('standby', true, false)", "pg_stop_backup(false, false)")
                      if primary.version < 150000 else ("pg_backup_start('standby', true)", "pg_backup_stop(false)"))
        with primary.connect("postgres") as connection:
            connection.execute(f"SELECT {begin}")
            shutil.copytree(os.path.join(primary.folder, "data"), self.folder, symlinks=True,
                            ignore=shutil.ignore_patterns("postmaster.*", "pg_stat_tmp", "pgsql_tmp*"))
            label = connection.value(f"SELECT labelfile FROM {end}")
        os.makedirs(os.path.join(self.folder, "pg_stat_tmp"), exist_ok=True)
        for name, text in (("backup_label", label), ("standby.signal", ""),
                           ("postgresql.auto.conf", f"primary_conninfo = '{primary.conninfo('postgres')}'\n")):
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(text)
        os.chmod(self.folder, 0o700)
        for folder, _, files in os.walk(self.folder):
            for path in [folder] + [os.path.join(folder, name) for name in files]:
                if primary.user:
                    os.chown(path, primary.user.pw_uid, primary.user.pw_gid)

    def start(self):
        with open(os.path.join(self.primary.folder, "standby.log"), "ab") as log:
            self._process = subprocess.Popen(
                [os.path.join(self.primary.bin_dir, "postgres"), "-D", self.folder, "-p", str(servers.PORT + 1),
                 "-k", self.primary.folder, "-c", "listen_addresses=", "-c", "max_connections=200",
                 "-c", "hot_standby=on", "-c", "max_prepared_transactions=4", "-c", "wal_retrieve_retry_interval=100ms"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                preexec_fn=self.primary.as_its_user(end_with_parent=True))

    def _children(self):
        with open(f"/proc/{self._process.pid}/task/{self._process.pid}/children") as file:
            return [int(pid) for pid in file.read().split()]

    def stop_replay(self):
        """Every process of it but the first stands still."""
        self._stopped = self._children()
        for pid in self._stopped:
            os.kill(pid, signal.SIGSTOP)

    def go_on(self):
        for pid in self._stopped:
            os.kill(pid, signal.SIGCONT)
        self._stopped = []

    def streams(self):
        with self.primary.connect("postgres") as connection:
            return connection.value("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1"

    def stop(self):
        """Ends it; its data stay. It is gone from the primary when this returns."""
        self.go_on()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def runs(self):
        return self._process.poll() is None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.runs():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
