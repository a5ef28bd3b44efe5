-- Who receives the log: how many, how many of them hidden from this role, the position that the slowest has come to, and the longest
-- delay that one reported which is behind now.
SELECT count(*)::float8 AS standbys,
       (count(*) FILTER (WHERE state IS NULL))::float8 AS hidden,
       (min(coalesce(replay_lsn, flush_lsn, write_lsn, sent_lsn)) - '0/0')::float8 AS replayed,
       coalesce(max(extract(epoch FROM replay_lag)) FILTER (WHERE replay_lsn < pg_current_wal_lsn()), 0)::float8 AS lag
FROM pg_stat_replication
WHERE state IS DISTINCT FROM 'backup'
  AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = pid AND s.slot_name LIKE 'segue\_%') -- segue itself
