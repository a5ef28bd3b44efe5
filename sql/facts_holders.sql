-- Who holds or awaits a lock on relations $1 (text[]), or on what is below them, the oldest first. Literals are taken out as in
-- facts_transactions.sql.
WITH RECURSIVE tree AS (
    SELECT to_regclass(u.relation)::oid AS oid FROM unnest($1::text[]) AS u (relation)
    UNION
    SELECT i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
)
SELECT COALESCE(l.pid, 0), extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS seconds,
       a.usename, a.application_name, a.state, segue_query.shown AS query, l.relation::regclass::text AS relation,
       upper(regexp_replace(regexp_replace(l.mode, 'Lock$', ''), '([a-z])([A-Z])', '\1 \2', 'g')) AS mode, l.granted
FROM tree t
JOIN pg_locks l ON l.locktype = 'relation' AND l.relation = t.oid
LEFT JOIN pg_stat_activity a ON a.pid = l.pid
CROSS JOIN LATERAL (
    SELECT left(regexp_replace(regexp_replace(regexp_replace(regexp_replace(NULLIF(a.query, '<insufficient privilege>'),
                '\$([A-Za-z_]*)\$.*?(\$\1\$|$)', '''…''', 'g'), '''([^'']|'''')*(''|$)', '''…''', 'g'),
                '\m[0-9]+(\.[0-9]+)?\M', '…', 'g'), '\s+', ' ', 'g'), 120) AS shown) segue_query
WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.pid IS DISTINCT FROM pg_backend_pid()
ORDER BY seconds DESC NULLS LAST, 1, 7, 8
LIMIT 20
