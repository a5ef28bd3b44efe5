-- Whether any session waits for a lock that server process $1 holds.
SELECT EXISTS (SELECT FROM pg_locks l WHERE NOT l.granted AND $1::integer = ANY (pg_blocking_pids(l.pid)))
