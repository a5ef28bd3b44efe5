-- The server's major release, what database this is, and for how many seconds its statistics of use count.
SELECT current_setting('server_version_num')::int / 10000 AS major,
       format('%s as %s, PostgreSQL %s', current_database(), current_user, current_setting('server_version')) AS called,
       greatest(extract(epoch FROM clock_timestamp() - COALESCE(d.stats_reset, pg_postmaster_start_time())), 1)::float8 AS counted
FROM pg_stat_database d WHERE d.datname = current_database()
