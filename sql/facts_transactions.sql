-- The longest transactions of other sessions in this database. Literals are taken out of their statements: a password or a person may stand
-- in them. Those of other roles hide behind NULLs from a role that may not see them.
SELECT a.pid, extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS seconds,
       a.usename, a.application_name, a.state, segue_query.shown AS query, NULL AS relation, NULL AS mode, true AS granted
FROM pg_stat_activity a
CROSS JOIN LATERAL (
    SELECT left(regexp_replace(regexp_replace(regexp_replace(regexp_replace(NULLIF(a.query, '<insufficient privilege>'),
                '\$([A-Za-z_]*)\$.*?(\$\1\$|$)', '''…''', 'g'), '''([^'']|'''')*(''|$)', '''…''', 'g'),
                '\m[0-9]+(\.[0-9]+)?\M', '…', 'g'), '\s+', ' ', 'g'), 120) AS shown) segue_query
WHERE a.pid <> pg_backend_pid() AND a.datname = current_database() AND a.xact_start IS NOT NULL
  AND a.backend_type = 'client backend'
UNION ALL
SELECT 0, extract(epoch FROM clock_timestamp() - p.prepared)::float8, p.owner, 'prepared transaction', 'prepared', '', NULL, NULL, true
FROM pg_prepared_xacts p WHERE p.database = current_database()
ORDER BY 2 DESC NULLS LAST, 1
LIMIT 5
