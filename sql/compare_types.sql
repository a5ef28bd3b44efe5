-- How the types $1 with the modifiers $2 are written, in this order. The rows of a version's view and those of the table that it shows are of different types; to who
-- reads them they are one, so that they are told by what they hold.
SELECT CASE
           WHEN r.oid IS NOT NULL THEN
               r.relname || ' (' || (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                                     FROM pg_attribute a
                                     WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped) || ')'
               || CASE WHEN t.oid <> e.oid THEN '[]' ELSE '' END
           WHEN n.nspname = 'pg_catalog' THEN format_type(t.oid, w.modifier)
           ELSE quote_ident(n.nspname) || '.' || quote_ident(e.typname) || CASE WHEN t.oid <> e.oid THEN '[]' ELSE '' END
       END
FROM unnest($1::oid[], $2::integer[]) WITH ORDINALITY AS w (type, modifier, place)
LEFT JOIN pg_type t ON t.oid = w.type
LEFT JOIN pg_type e ON e.oid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A' THEN t.typelem ELSE t.oid END
LEFT JOIN pg_namespace n ON n.oid = e.typnamespace
LEFT JOIN pg_class r ON r.oid = e.typrelid AND r.relkind <> 'c'
ORDER BY w.place
