-- The tables of schema $1 that hold rows themselves: rows as estimated (-1: nobody has counted), bytes with indexes, how many indexes.
SELECT c.relname, format('%I.%I', n.nspname, c.relname), c.reltuples::bigint, pg_total_relation_size(c.oid),
       (SELECT count(*) FROM pg_index x WHERE x.indrelid = c.oid)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text AND c.relkind = 'r'
ORDER BY c.relname COLLATE "C"
