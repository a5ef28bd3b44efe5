-- Sessions that server process $1 waits for right now, of any lock: a concurrent index build waits for transactions, too.
SELECT coalesce(a.pid, 0) AS pid,
       coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::double precision AS seconds,
       a.usename, a.application_name, coalesce(a.state, a.backend_type, 'prepared') AS state,
       left(regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g'), 200) AS query,
       w.relation, w.mode, false AS yields
FROM (SELECT b.pid, coalesce(min(l.relation::regclass::text), 'its own transaction') AS relation,
             coalesce(min(l.mode), 'ExclusiveLock') AS mode
      FROM unnest(pg_blocking_pids($1::integer)) AS b (pid)
      LEFT JOIN pg_locks wanted ON wanted.pid = $1::integer AND NOT wanted.granted
      LEFT JOIN pg_locks l ON l.pid = b.pid AND l.locktype = 'relation' AND l.relation = wanted.relation
                          AND l.database = wanted.database
      GROUP BY b.pid) AS w
LEFT JOIN pg_stat_activity a ON a.pid = w.pid
ORDER BY seconds DESC
LIMIT 20
