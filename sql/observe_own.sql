-- Locks on relations that this session's transaction holds; those on what the server itself keeps, and on segue's state, are left out.
SELECT format('%I.%I', n.nspname, c.relname) AS relation,
       upper(regexp_replace(replace(l.mode, 'Lock', ''), '([a-z])([A-Z])', '\1 \2', 'g')) AS mode
FROM pg_locks l
JOIN pg_class c ON c.oid = l.relation
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('segue', 'information_schema') AND c.relname NOT LIKE '\_segue\_check\_%'
