-- Sessions that hold a snapshot of this database, each with what tells it from the session's next one: a transaction that keeps one keeps its
-- number and its xmin. Maintenance reads no table that it does not hold already; of a parallel query the leader counts.
SELECT a.pid, coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::double precision AS seconds,
       a.usename, a.application_name, a.state, left(regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g'), 200) AS query,
       l.virtualtransaction || ' ' || a.backend_xmin AS snapshot
FROM pg_stat_activity a
JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.granted
WHERE a.datname = current_database() AND a.usesysid IS NOT NULL AND a.backend_xmin IS NOT NULL
  AND a.pid <> pg_backend_pid() AND a.leader_pid IS NULL
  AND NOT EXISTS (SELECT FROM pg_stat_progress_vacuum v WHERE v.pid = a.pid)
ORDER BY seconds DESC
