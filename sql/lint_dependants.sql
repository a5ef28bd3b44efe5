-- What depends on table $1, or on its column $2 (NULL: the whole table), in the way of $3: 'drop', 'type' (of the column) or 'rename';
-- refuses: the server does not do it without CASCADE, or not at all. Else it is a function whose body says the name.
WITH target AS (
    SELECT c.oid, COALESCE(a.attnum, 0) AS attnum, '\m' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g') || '\M' AS table_word,
           '\m' || regexp_replace(a.attname, '([^[:alnum:]_])', '\\\1', 'g') || '\M' AS column_word
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped
    WHERE c.oid = to_regclass($1) AND ($2 IS NULL OR a.attnum IS NOT NULL)
), bound AS (
    SELECT DISTINCT d.classid, d.objid, t.oid AS target, t.attnum
    FROM target t JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid AND (t.attnum = 0 OR d.refobjsubid = t.attnum)
    WHERE d.deptype IN ('n', 'a') AND $3 <> 'rename'
), named AS (
    SELECT format('%s %s', CASE v.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, v.oid::regclass) AS words, v.relname AS name
    FROM bound b JOIN pg_rewrite r ON b.classid = 'pg_rewrite'::regclass AND r.oid = b.objid JOIN pg_class v ON v.oid = r.ev_class
    WHERE r.ev_class <> b.target
    UNION
    SELECT format('constraint %I of %s', k.conname, k.conrelid::regclass), k.conname
    FROM bound b JOIN pg_constraint k ON b.classid = 'pg_constraint'::regclass AND k.oid = b.objid
    WHERE $3 = 'drop' AND k.contype = 'f' AND k.confrelid = b.target AND k.conrelid <> b.target AND k.conparentid = 0
    UNION
    SELECT format('function %s', p.oid::regprocedure), p.proname
    FROM bound b JOIN pg_proc p ON b.classid = 'pg_proc'::regclass AND p.oid = b.objid
    UNION
    SELECT format('policy %I of %s', p.polname, p.polrelid::regclass), p.polname
    FROM bound b JOIN pg_policy p ON b.classid = 'pg_policy'::regclass AND p.oid = b.objid
    WHERE b.attnum <> 0 OR p.polrelid <> b.target
    UNION
    SELECT format('trigger %I of %s', g.tgname, g.tgrelid::regclass), g.tgname
    FROM bound b JOIN pg_trigger g ON b.classid = 'pg_trigger'::regclass AND g.oid = b.objid
    WHERE NOT g.tgisinternal AND b.attnum <> 0
    UNION
    SELECT format('generated column %I', a.attname), a.attname
    FROM bound b JOIN pg_attrdef x ON b.classid = 'pg_attrdef'::regclass AND x.oid = b.objid
    JOIN pg_attribute a ON a.attrelid = x.adrelid AND a.attnum = x.adnum
    WHERE b.attnum <> 0 AND a.attgenerated <> '' AND a.attnum <> b.attnum
    UNION -- before 15 the column itself depends on the other one, and goes with it
    SELECT format('generated column %I', a.attname), a.attname
    FROM target t
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid AND d.refobjsubid = t.attnum
                    AND d.classid = 'pg_class'::regclass AND d.objid = t.oid
    JOIN pg_attribute a ON a.attrelid = d.objid AND a.attnum = d.objsubid
    WHERE t.attnum <> 0 AND a.attgenerated <> '' AND $3 = 'type'
), bodies AS (
    SELECT format('function %s', p.oid::regprocedure) AS words, p.proname AS name
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, target t
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'segue') AND p.prokind IN ('f', 'p') AND $3 <> 'type'
      AND p.prosrc ~ t.table_word AND (t.column_word IS NULL OR p.prosrc ~ t.column_word)
)
SELECT words, true AS refuses, name FROM named UNION SELECT words, false, name FROM bodies ORDER BY refuses DESC, words
