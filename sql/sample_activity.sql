-- How much the server has done since statistics are kept, and who is at work now besides this session and other ones of a rehearsal.
SELECT extract(epoch FROM clock_timestamp())::float8 AS at,
       (SELECT sum(d.xact_commit + d.xact_rollback) FROM pg_stat_database d)::float8 AS transactions,
       (SELECT count(*) FROM pg_stat_activity a
        WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid() AND a.application_name NOT IN ('segue rehearse', 'pg_dump')
          AND (a.state IN ('active', 'idle in transaction', 'fastpath function call') OR a.state_change > clock_timestamp() - interval '1 second'))::float8 AS sessions
FROM pg_stat_clear_snapshot()
