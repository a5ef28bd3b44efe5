-- Tables that are not the server's, an extension's or segue's, and how large they are; partitioned ones with all that is below them. What
-- ANALYZE has not counted is guessed from the pages, 60 rows each. $1: names of segue's schemas (text[]).
SELECT n.nspname AS schema, c.relname AS name, c.relkind = 'p' AS partitioned,
       round(COALESCE(s.rows, 0))::float8 AS rows, COALESCE(s.bytes, 0)::float8 AS bytes
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT sum(CASE WHEN l.reltuples >= 0 AND l.relpages > 0 THEN l.reltuples / l.relpages * p.pages ELSE p.pages * 60 END) AS rows,
           sum(pg_table_size(l.oid)) AS bytes
    FROM (SELECT c.oid WHERE c.relkind = 'r' UNION ALL SELECT relid FROM pg_partition_tree(c.oid) WHERE c.relkind = 'p' AND isleaf) t
    JOIN pg_class l ON l.oid = t.oid AND l.relkind = 'r'
    CROSS JOIN LATERAL (SELECT COALESCE(pg_relation_size(l.oid), 0) / current_setting('block_size')::float8 AS pages) p) s
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND n.nspname <> ALL ($1::text[])
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname
