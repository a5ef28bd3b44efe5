-- The partitions of tables $1 (text[]) that have rows of their own: the table's place in it, the most written first.
WITH RECURSIVE tree AS (
    SELECT u.place, c.oid, c.relkind, c.reltuples
    FROM unnest($1::text[]) WITH ORDINALITY AS u (relation, place) JOIN pg_class c ON c.oid = to_regclass(u.relation)
    WHERE c.relkind = 'p'
    UNION ALL
    SELECT t.place, c.oid, c.relkind, c.reltuples
    FROM tree t JOIN pg_inherits i ON t.relkind = 'p' AND i.inhparent = t.oid JOIN pg_class c ON c.oid = i.inhrelid
)
SELECT place, oid::regclass::text AS name, reltuples::float8 AS rows, pg_total_relation_size(oid)::float8 AS bytes,
       (pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid))::float8 AS writes,
       (pg_stat_get_numscans(oid)
        + COALESCE((SELECT sum(pg_stat_get_numscans(i.indexrelid)) FROM pg_index i WHERE i.indrelid = oid), 0))::float8 AS scans
FROM tree
WHERE relkind <> 'p'
ORDER BY place, writes DESC, bytes DESC, name
LIMIT 500
