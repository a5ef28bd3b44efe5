-- Columns of a table ($1 schema, $2 name) that have values of their own, and whether a foreign key rests on them, from either side.
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       EXISTS (SELECT FROM pg_constraint k
               WHERE k.contype = 'f' AND ((k.conrelid = c.oid AND a.attnum = ANY (k.conkey))
                                          OR (k.confrelid = c.oid AND a.attnum = ANY (k.confkey)))) AS in_key
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE n.nspname = $1::text AND c.relname = $2::text
ORDER BY a.attnum
