-- Sessions that stand in the way of locks on relations $1 (text[]) in modes $2 (text[], parallel): they hold or await a lock
-- that conflicts, in a transaction that is at least $3 seconds old. The conflicts are table 13.2 of PostgreSQL's manual.
-- The age of another role's transaction is seen only with pg_read_all_stats; without it such a session counts as young.
WITH RECURSIVE conflict (asked, held) AS (
    SELECT c.asked, h.held
    FROM (VALUES
        ('ACCESS SHARE', '{AccessExclusiveLock}'::text[]),
        ('ROW SHARE', '{ExclusiveLock,AccessExclusiveLock}'),
        ('ROW EXCLUSIVE', '{ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
        ('SHARE UPDATE EXCLUSIVE', '{ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
        ('SHARE', '{RowExclusiveLock,ShareUpdateExclusiveLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
        ('SHARE ROW EXCLUSIVE', '{RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
        ('EXCLUSIVE', '{RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
        ('ACCESS EXCLUSIVE', '{AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}')
    ) AS c (asked, helds), unnest(c.helds) AS h (held)
), wanted AS (
    SELECT to_regclass(w.relation) AS relation, w.mode
    FROM unnest($1::text[], $2::text[]) AS w (relation, mode)
), family AS (
    -- What locks a table locks its partitions and children.
    SELECT relation, mode FROM wanted
    UNION
    SELECT i.inhrelid, f.mode FROM family f JOIN pg_inherits i ON i.inhparent = f.relation
), standing AS (
    SELECT DISTINCT ON (l.pid, l.virtualtransaction)
           coalesce(l.pid, 0) AS pid,
           coalesce(extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, p.prepared)), 0)::double precision AS seconds,
           coalesce(a.usename, p.owner) AS usename,
           coalesce(a.application_name, 'prepared transaction ' || p.gid) AS application,
           coalesce(a.state, a.backend_type, 'prepared') AS state,
           left(regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g'), 200) AS query,
           l.relation::regclass::text AS relation,
           l.mode,
           a.backend_type IS NOT DISTINCT FROM 'autovacuum worker'
               AND a.query NOT LIKE '%to prevent wraparound%' AS yields
    FROM family w
    JOIN conflict c ON c.asked = w.mode
    JOIN pg_locks l ON l.locktype = 'relation' AND l.relation = w.relation AND l.mode = c.held
    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
    LEFT JOIN pg_prepared_xacts p ON l.pid IS NULL AND l.virtualtransaction = '-1/' || p.transaction
    WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.pid IS DISTINCT FROM pg_backend_pid()
    ORDER BY l.pid, l.virtualtransaction, l.granted DESC
)
SELECT pid, seconds, usename, application, state, query, relation, mode, yields
FROM standing
WHERE seconds >= $3::double precision
ORDER BY seconds DESC
LIMIT 20
