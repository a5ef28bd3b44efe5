-- The sequences of schema $1 that number a column, and a query of how each stands: whether the number that it gives next is among
-- those that the column has already passed, and both.
SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', tn.nspname, t.relname), a.attname,
       format('SELECT %1$s, s.last_value, %1$s %2$s (CASE WHEN s.is_called THEN s.last_value ELSE s.last_value - (%3$s) END) FROM %4$I.%5$I s',
              format('(SELECT %s(%I)::bigint FROM %I.%I)', CASE WHEN q.seqincrement > 0 THEN 'max' ELSE 'min' END, a.attname,
                     tn.nspname, t.relname),
              CASE WHEN q.seqincrement > 0 THEN '>' ELSE '<' END, q.seqincrement, n.nspname, c.relname)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_sequence q ON q.seqrelid = c.oid
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p')
JOIN pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
WHERE n.nspname = $1::text AND NOT q.seqcycle
ORDER BY 1
