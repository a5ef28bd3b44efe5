-- What the server is and how much it has to do. Where its files are is told to those only who may know.
SELECT current_setting('server_version') AS version,
       current_database() AS database,
       current_user AS role,
       host(inet_server_addr()) || ':' || inet_server_port() AS address,
       to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at,
       greatest(extract(epoch FROM clock_timestamp() - COALESCE(d.stats_reset, pg_postmaster_start_time())), 1)::float8 AS counted,
       CASE WHEN d.stats_reset IS NULL THEN 'the server started' ELSE 'the statistics were reset' END AS since,
       current_setting('wal_level') AS wal_level,
       pg_size_bytes(current_setting('max_wal_size'))::float8 AS max_wal,
       (SELECT count(*) FROM pg_stat_replication) AS standbys,
       (SELECT count(*) FROM pg_replication_slots) AS slots,
       CASE WHEN pg_is_in_recovery() THEN 0
            ELSE COALESCE((SELECT max(pg_current_wal_lsn() - restart_lsn) FROM pg_replication_slots), 0) END::float8 AS kept,
       a.sessions, a.at_work, a.hidden
FROM pg_stat_database d,
     (SELECT count(*) AS sessions, count(*) FILTER (WHERE state = 'active') AS at_work,
             count(*) FILTER (WHERE backend_type IS NULL) AS hidden
      FROM pg_stat_activity
      WHERE pid <> pg_backend_pid()
        AND (backend_type = 'client backend' OR backend_type IS NULL AND datid IS NOT NULL AND usesysid IS NOT NULL)) a
WHERE d.datname = current_database()
