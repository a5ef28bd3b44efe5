-- Sizes of tables $1 (text[]), of a partitioned one with all that is below it, in the same order. NULL as kind: there is none of
-- that name. Rows below 0: never counted.
WITH RECURSIVE wanted AS (
    SELECT u.place, u.relation, to_regclass(u.relation)::oid AS oid
    FROM unnest($1::text[]) WITH ORDINALITY AS u (relation, place)
), tree AS (
    SELECT w.place, c.oid, c.relkind, c.reltuples FROM wanted w JOIN pg_class c ON c.oid = w.oid
    UNION ALL
    SELECT t.place, c.oid, c.relkind, c.reltuples
    FROM tree t JOIN pg_inherits i ON t.relkind = 'p' AND i.inhparent = t.oid JOIN pg_class c ON c.oid = i.inhrelid
), sums AS (
    SELECT place,
           CASE WHEN bool_or(reltuples >= 0) FILTER (WHERE relkind <> 'p') THEN sum(greatest(reltuples, 0)) FILTER (WHERE relkind <> 'p')
                ELSE -1 END::float8 AS rows,
           sum(pg_stat_get_live_tuples(oid))::float8 AS live,
           sum(pg_stat_get_dead_tuples(oid))::float8 AS dead,
           sum(pg_table_size(oid))::float8 AS table_bytes,
           sum(pg_relation_size(oid))::float8 AS heap_bytes,
           sum(pg_indexes_size(oid))::float8 AS index_bytes,
           max(greatest(pg_stat_get_last_analyze_time(oid), pg_stat_get_last_autoanalyze_time(oid))) AS analyzed
    FROM tree GROUP BY place
)
SELECT c.relkind, s.rows, s.live, s.dead, s.table_bytes, s.index_bytes, s.table_bytes + s.index_bytes AS total_bytes,
       (SELECT count(*) FROM pg_index x WHERE x.indrelid = c.oid) AS indexes,
       to_char(s.analyzed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS analyzed,
       CASE WHEN pg_has_role(current_user, 'pg_read_all_settings', 'USAGE')
            THEN COALESCE(NULLIF(pg_tablespace_location(COALESCE(NULLIF(c.reltablespace, 0), b.dattablespace)), ''),
                          current_setting('data_directory')) END AS folder,
       s.heap_bytes
FROM wanted w
JOIN pg_database b ON b.datname = current_database()
LEFT JOIN pg_class c ON c.oid = w.oid
LEFT JOIN sums s ON s.place = w.place
ORDER BY w.place
