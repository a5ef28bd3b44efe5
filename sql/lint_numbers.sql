-- Columns of table $1 whose numbers come from a sequence, and how far it has come: column, type, the last number, the largest that the
-- column can hold.
SELECT a.attname, format_type(a.atttypid, NULL) AS type, s.last_value::float8 AS last,
       CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END::float8 AS largest
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
                AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S'
JOIN pg_namespace n ON n.oid = q.relnamespace
JOIN pg_sequences s ON s.schemaname = n.nspname AND s.sequencename = q.relname
WHERE c.oid = to_regclass($1) AND s.last_value IS NOT NULL
ORDER BY a.attnum
