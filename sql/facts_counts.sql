-- What has happened to tables $1 (text[]) since the statistics were last reset, of a partitioned one to all that is below it, in the same
-- order; with the time of these statistics, and the position in the log.
WITH RECURSIVE wanted AS (
    SELECT u.place, to_regclass(u.relation)::oid AS oid FROM unnest($1::text[]) WITH ORDINALITY AS u (relation, place)
), tree AS (
    SELECT w.place, c.oid, c.relkind FROM wanted w JOIN pg_class c ON c.oid = w.oid
    UNION ALL
    SELECT t.place, c.oid, c.relkind
    FROM tree t JOIN pg_inherits i ON t.relkind = 'p' AND i.inhparent = t.oid JOIN pg_class c ON c.oid = i.inhrelid
)
SELECT extract(epoch FROM COALESCE(pg_stat_get_snapshot_timestamp(), clock_timestamp()))::float8 AS at,
       CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_current_wal_lsn() - '0/0' END::float8 AS position,
       COALESCE(sum(pg_stat_get_numscans(t.oid) + COALESCE(x.scans, 0)), 0)::float8 AS scans,
       COALESCE(sum(pg_stat_get_tuples_returned(t.oid) + pg_stat_get_tuples_fetched(t.oid)), 0)::float8 AS rows_read,
       COALESCE(sum(pg_stat_get_tuples_inserted(t.oid)), 0)::float8 AS inserts,
       COALESCE(sum(pg_stat_get_tuples_updated(t.oid)), 0)::float8 AS updates,
       COALESCE(sum(pg_stat_get_tuples_deleted(t.oid)), 0)::float8 AS deletes
FROM wanted w
LEFT JOIN tree t ON t.place = w.place
LEFT JOIN LATERAL (SELECT sum(pg_stat_get_numscans(i.indexrelid)) AS scans FROM pg_index i WHERE i.indrelid = t.oid) x ON true
GROUP BY w.place
ORDER BY w.place
