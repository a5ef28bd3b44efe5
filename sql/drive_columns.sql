-- The columns of a relation as one version of an application sees them ($1: its name as a statement would write it, found on
-- the session's search path), and where they come from: a view's columns are followed to the table underneath.
WITH relation AS (
    SELECT oid, relkind FROM pg_class WHERE oid = to_regclass($1)::oid
), origin AS (
    -- The parser leaves with every column of a view the table and the column that it is a plain copy of.
    SELECT DISTINCT ON (number) number, base, base_number
    FROM (SELECT m[1]::int AS number, m[2]::oid AS base, m[3]::int AS base_number
          FROM relation r
          JOIN pg_rewrite w ON w.ev_class = r.oid AND w.ev_type = '1'
          CROSS JOIN LATERAL regexp_matches(w.ev_action::text,
              ':resno (\d+) :resname (?:[^\\ ]|\\.)+ :ressortgroupref \d+ :resorigtbl (\d+) :resorigcol (\d+)', 'g') AS m
          WHERE r.relkind = 'v') AS view_column
    WHERE base <> 0
    UNION ALL
    SELECT a.attnum, a.attrelid, a.attnum
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid
    WHERE r.relkind <> 'v' AND a.attnum > 0
), domain AS (
    -- The domains of the columns, and those that these are made of.
    WITH RECURSIVE layer AS (
        SELECT a.attnum AS number, a.atttypid AS type FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
        UNION ALL
        SELECT l.number, y.typbasetype FROM layer l JOIN pg_type y ON y.oid = l.type WHERE y.typtype = 'd')
    SELECT l.number, l.type FROM layer l JOIN pg_type y ON y.oid = l.type WHERE y.typtype = 'd'
), checks AS (
    SELECT o.number, pg_get_constraintdef(c.oid) AS definition
    FROM origin o JOIN pg_constraint c ON c.conrelid = o.base AND c.conkey = ARRAY[o.base_number]::int2[] AND c.contype = 'c'
    UNION ALL
    SELECT d.number, pg_get_constraintdef(c.oid) FROM domain d JOIN pg_constraint c ON c.contypid = d.type AND c.contype = 'c'
)
SELECT a.attnum AS number,
       a.attname AS name,
       quote_ident(a.attname) AS quoted,
       format_type(a.atttypid, a.atttypmod) AS type,
       t.typname AS type_name,
       t.typtype AS type_type,
       t.typcategory AS category,
       t.mod AS modifier,
       o.base AS base,
       CASE WHEN k.oid IS NOT NULL THEN format('%I.%I', n.nspname, k.relname) END AS base_name,
       o.base_number AS base_number,
       quote_ident(b.attname) AS base_quoted,
       coalesce(b.attnotnull, false) OR t.is_not_null
           OR EXISTS (SELECT FROM checks c WHERE c.number = a.attnum
                      AND c.definition ~ '^CHECK \(\(*("([^"]|"")+"|[^() ]+) IS NOT NULL\)*( NOT VALID)?$') AS not_null,
       -- A view's way to say that there is none, where the table has one for the other version.
       coalesce(pg_get_expr(d.adbin, d.adrelid), 'CASE WHEN true THEN NULL::') !~ '^\s*CASE\s+WHEN true THEN NULL::' AS has_default,
       coalesce(b.attidentity, '') <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') ~ '^(nextval\(|segue\."?number_)'
           -- The stand-in of a column that numbers itself is filled from that.
           OR EXISTS (SELECT FROM pg_attribute s
                      LEFT JOIN pg_attrdef e ON e.adrelid = s.attrelid AND e.adnum = s.attnum
                      WHERE b.attname LIKE '\_segue\_%' AND s.attrelid = o.base AND s.attname = a.attname
                        AND (s.attidentity <> '' OR pg_get_expr(e.adbin, e.adrelid) ~ '^nextval\(')) AS automatic,
       coalesce(b.attgenerated, '') <> '' OR o.base IS NULL
           OR (r.relkind = 'v' AND NOT pg_column_is_updatable(r.oid, a.attnum, false)) AS read_only,
       EXISTS (SELECT FROM pg_trigger g
               WHERE g.tgrelid = o.base AND NOT g.tgisinternal AND g.tgname !~ 'segue') AS has_triggers,
       (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
       (SELECT json_agg(replace(l[1], '''''', ''''))
        FROM checks c
        CROSS JOIN LATERAL regexp_matches(substring(c.definition FROM '= ANY \(+ARRAY\[([^]]*)\]'),
                                          '''((?:[^'']|'''')*)''', 'g') AS l
        WHERE c.number = a.attnum) AS choices,
       (SELECT min(l[1]::numeric)
        FROM checks c CROSS JOIN LATERAL regexp_matches(c.definition, '<=? \(*(\d{1,9})', 'g') AS l
        WHERE c.number = a.attnum)::bigint AS high,
       (SELECT max(l[1]::numeric)
        FROM checks c CROSS JOIN LATERAL regexp_matches(c.definition, '>=? \(*(\d{1,9})', 'g') AS l
        WHERE c.number = a.attnum)::bigint AS low
FROM relation r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN origin o ON o.number = a.attnum
LEFT JOIN pg_class k ON k.oid = o.base
LEFT JOIN pg_namespace n ON n.oid = k.relnamespace
LEFT JOIN pg_attribute b ON b.attrelid = o.base AND b.attnum = o.base_number
-- A view's own default comes before the table's.
LEFT JOIN LATERAL (
    SELECT adbin, adrelid FROM pg_attrdef
    WHERE (adrelid, adnum) IN ((r.oid, a.attnum), (o.base, o.base_number))
    ORDER BY adrelid = r.oid DESC LIMIT 1) AS d ON true
-- The type under a domain, with the modifier that counts.
JOIN LATERAL (
    WITH RECURSIVE layer AS (
        SELECT y.oid, y.typname, y.typtype, y.typcategory, y.typbasetype, y.typtypmod, a.atttypmod AS mod, y.typnotnull AS is_not_null
        FROM pg_type y WHERE y.oid = a.atttypid
        UNION ALL
        SELECT y.oid, y.typname, y.typtype, y.typcategory, y.typbasetype, y.typtypmod, l.typtypmod, l.is_not_null OR y.typnotnull
        FROM layer l JOIN pg_type y ON y.oid = l.typbasetype WHERE l.typtype = 'd')
    SELECT * FROM layer WHERE typtype <> 'd') AS t ON true
ORDER BY a.attnum
