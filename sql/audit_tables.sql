-- The tables of schema $1 that hold rows themselves: rows as estimated (-1: nobody has counted), bytes with indexes, how many indexes, and
-- a query of their number and of a checksum that is the same whatever their order and that of the columns.
SELECT c.relname, format('%I.%I', n.nspname, c.relname), c.reltuples::bigint, pg_total_relation_size(c.oid),
       (SELECT count(*) FROM pg_index x WHERE x.indrelid = c.oid),
       format('SELECT count(*), left(encode(sha256(convert_to(count(*) || '':'' || COALESCE(sum(hashtextextended(ROW(%s)::text, 0)::numeric), 0), ''UTF8'')), ''hex''), 32) FROM ONLY %I.%I',
              (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), n.nspname, c.relname)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text AND c.relkind = 'r'
ORDER BY c.relname COLLATE "C"
