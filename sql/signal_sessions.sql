-- Sessions other than segue's: how many run a statement, were at work within the last seconds, wait for a lock since more than a
-- blink, and how many of other roles this one may not look at.
SELECT (count(*) FILTER (WHERE a.state = 'active'))::float8 AS active,
       (count(*) FILTER (WHERE a.state = 'active' OR a.state_change > clock_timestamp() - interval '2 s'))::float8 AS at_work,
       (SELECT count(DISTINCT l.pid)
        FROM pg_locks l JOIN pg_stat_activity w ON w.pid = l.pid
        WHERE NOT l.granted
          AND l.waitstart < clock_timestamp() - interval '100 ms'
          AND (w.application_name IS DISTINCT FROM 'segue' OR w.usename IS DISTINCT FROM session_user))::float8 AS lock_waits,
       (count(*) FILTER (WHERE a.backend_type IS NULL))::float8 AS hidden
FROM pg_stat_activity a
WHERE a.pid <> pg_backend_pid()
  AND (a.backend_type = 'client backend' OR a.backend_type IS NULL AND a.datid IS NOT NULL AND a.usesysid IS NOT NULL)
  AND (a.application_name IS DISTINCT FROM 'segue' OR a.usename IS DISTINCT FROM session_user)
