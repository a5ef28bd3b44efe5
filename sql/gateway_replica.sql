-- The replica that streams the server's log and has come least far with it: its name, bytes behind, the primary's position (bytes), and the seconds that it reported while it is behind. One that
-- has been catching up ever since it connected is not looked at. `hidden`: how many this role may not look at. No name: none streams.
WITH server AS MATERIALIZED (
    SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn() END AS position
),
receivers AS MATERIALIZED (
    SELECT application_name || coalesce(' (' || host(client_addr) || ')', '') AS name, state, coalesce(replay_lsn, flush_lsn, write_lsn, sent_lsn) AS replayed, replay_lag
    FROM pg_stat_replication
    WHERE state IS DISTINCT FROM 'backup'
      AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = pid AND s.slot_name LIKE 'segue\_%') -- segue itself
),
slowest AS (
    SELECT name, replayed, replay_lag FROM receivers WHERE state = 'streaming' AND replayed IS NOT NULL ORDER BY replayed LIMIT 1
)
SELECT slowest.name, greatest(server.position - slowest.replayed, 0)::float8 AS behind, (server.position - '0/0')::float8 AS position,
       CASE WHEN slowest.replayed < server.position THEN extract(epoch FROM slowest.replay_lag)::float8 END AS seconds,
       (SELECT count(*) FROM receivers WHERE state IS NULL) AS hidden
FROM server LEFT JOIN slowest ON true
