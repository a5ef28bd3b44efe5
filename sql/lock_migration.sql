-- Takes the lock of the one session that may run a migration in this database; its key is "segu" in ASCII and 1.
SELECT pg_try_advisory_lock(1936025461, 1)
