-- Takes the lock of the one session that may run a migration in this database; its key is "segu" in ASCII and 1. And since when this session
-- has been there, which together with its process tells it from all others.
SELECT pg_try_advisory_lock(1936025461, 1),
       (SELECT extract(epoch FROM backend_start) FROM pg_stat_activity WHERE pid = pg_backend_pid())
