-- What speaks of table $1 and of a column called $2: views that read the table, functions whose bodies name both, policies of the
-- table, and the conditions among them.
WITH target AS (
    SELECT c.oid, c.relname, '\m' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g') || '\M' AS table_word,
           '\m' || regexp_replace($2, '([^[:alnum:]_])', '\\\1', 'g') || '\M' AS column_word
    FROM pg_class c WHERE c.oid = to_regclass($1)
)
SELECT format('view %s', v.oid::regclass) AS words
FROM target t, pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace, pg_get_viewdef(v.oid) AS body
WHERE v.relkind IN ('v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND EXISTS (SELECT FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
              WHERE r.ev_class = v.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid)
  AND body ~ t.column_word
UNION
SELECT format('function %s', p.oid::regprocedure)
FROM target t, pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'segue') AND p.prokind IN ('f', 'p')
  AND p.prosrc ~ t.table_word AND p.prosrc ~ t.column_word
UNION
SELECT format('policy %I', p.polname)
FROM target t JOIN pg_policy p ON p.polrelid = t.oid
WHERE concat(pg_get_expr(p.polqual, p.polrelid), ' ', pg_get_expr(p.polwithcheck, p.polrelid)) ~ t.column_word
ORDER BY 1
