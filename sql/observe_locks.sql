-- Locks on relations of sessions that carry a migration out, and whatever other sessions wait for.
SELECT l.pid, a.application_name = 'segue' AS own, l.virtualtransaction AS holding,
       CASE WHEN c.relname IS NOT NULL THEN format('%I.%I', n.nspname, c.relname) END AS relation, -- none: a row, or a transaction
       upper(regexp_replace(replace(l.mode, 'Lock', ''), '([a-z])([A-Z])', '\1 \2', 'g')) AS mode, l.granted,
       CASE WHEN l.granted THEN 0 ELSE COALESCE(extract(epoch FROM clock_timestamp() - l.waitstart), 0) END::float8 AS waited
FROM pg_locks l
JOIN pg_stat_activity a ON a.pid = l.pid
LEFT JOIN pg_class c ON c.oid = l.relation
LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.datname = current_database() AND l.pid <> pg_backend_pid()
  AND (NOT l.granted
       OR (a.application_name = 'segue' AND l.locktype = 'relation' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
           AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('segue', 'information_schema')
           AND c.relname NOT LIKE '\_segue\_check\_%'))
