-- The foreign keys of a table ($1: its oid): its own columns as attribute numbers, the table referred to and its columns.
SELECT to_json(c.conkey) AS columns,
       c.confrelid AS ref,
       format('%I.%I', n.nspname, r.relname) AS ref_table,
       (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)
        FROM unnest(c.confkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number) AS ref_columns,
       (SELECT string_agg(format('%I IS NOT NULL', a.attname), ' AND ' ORDER BY k.place)
        FROM unnest(c.confkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number) AS ref_present
FROM pg_constraint c
JOIN pg_class r ON r.oid = c.confrelid
JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE c.conrelid = $1::oid AND c.contype = 'f' AND c.conparentid = 0
ORDER BY cardinality(c.conkey) DESC, c.conname
