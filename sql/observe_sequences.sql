-- Sequences of columns, with a query of the column's highest value and of what the sequence gave out last.
SELECT format('%I.%I', sn.nspname, s.relname) AS sequence, format('%I.%I.%I', tn.nspname, t.relname, a.attname) AS column,
       format('SELECT is_called, last_value, (SELECT max(%I)::bigint FROM %I.%I) FROM %I.%I', a.attname, tn.nspname, t.relname,
              sn.nspname, s.relname) AS query
FROM pg_depend d
JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_namespace sn ON sn.oid = s.relnamespace
JOIN pg_class t ON t.oid = d.refobjid
JOIN pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  AND tn.nspname NOT IN ('segue') AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
ORDER BY 1
