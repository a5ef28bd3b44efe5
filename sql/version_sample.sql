-- Remembers for migration $1 who holds a lock on a view of version $2 right now, other than segue's own sessions.
INSERT INTO segue.version_users AS known (migration, version, pid, backend_start, usename, application, address)
SELECT $1::bigint, $2::text, a.pid,
       -- Hidden from a role that may not see other roles' statistics.
       COALESCE(a.backend_start, '-infinity'), a.usename, a.application_name,
       CASE WHEN a.client_addr IS NOT NULL THEN host(a.client_addr) END
FROM pg_stat_activity a
WHERE a.application_name IS DISTINCT FROM 'segue'
  AND a.pid <> pg_backend_pid()
  AND a.pid IN (SELECT l.pid
                FROM pg_locks l
                JOIN pg_class c ON c.oid = l.relation AND c.relkind = 'v'
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE l.locktype = 'relation' AND l.granted AND n.nspname = $2::text
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
ON CONFLICT (migration, version, pid, backend_start)
    DO UPDATE SET seen_at = clock_timestamp(), usename = excluded.usename, application = excluded.application,
                  address = excluded.address
