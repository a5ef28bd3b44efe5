-- Ends the server process $1, there since $2, if it is one of this role's and holds the lock of lock_migration.sql.
SELECT pg_terminate_backend(a.pid)
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.classid = 1936025461 AND l.objid = 1 AND l.objsubid = 2 AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND a.pid = $1::integer AND extract(epoch FROM a.backend_start)::text = $2 AND a.usename = current_user
