-- Foreign keys that every row satisfies, as pieces of SQL: c is the table that points, p the one that is pointed to. A partition's key is
-- its parent's. $1: names of segue's schemas (text[]).
SELECT format('%s%I.%I', CASE ct.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, cn.nspname, ct.relname) AS child,
       format('%s%I.%I', CASE pt.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, pn.nspname, pt.relname) AS parent,
       pn.nspname AS parent_schema, pt.relname AS parent_name,
       k.child_columns, k.parent_columns, k.same, k.given,
       format('format(%L, %s)', '(' || k.literals || ')', k.child_columns) AS literal
FROM pg_constraint f
JOIN pg_class ct ON ct.oid = f.conrelid
JOIN pg_namespace cn ON cn.oid = ct.relnamespace
JOIN pg_class pt ON pt.oid = f.confrelid
JOIN pg_namespace pn ON pn.oid = pt.relnamespace
CROSS JOIN LATERAL (
    SELECT string_agg(format('c.%I', ca.attname), ', ' ORDER BY u.place) AS child_columns,
           string_agg(format('p.%I', pa.attname), ', ' ORDER BY u.place) AS parent_columns,
           string_agg(format('c.%I = p.%I', ca.attname, pa.attname), ' AND ' ORDER BY u.place) AS same,
           string_agg(format('c.%I IS NOT NULL', ca.attname), ' AND ' ORDER BY u.place) AS given,
           string_agg('%L::' || format_type(pa.atttypid, pa.atttypmod), ', ' ORDER BY u.place) AS literals
    FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS u (child, parent, place)
    JOIN pg_attribute ca ON ca.attrelid = f.conrelid AND ca.attnum = u.child
    JOIN pg_attribute pa ON pa.attrelid = f.confrelid AND pa.attnum = u.parent) k
WHERE f.contype = 'f' AND f.convalidated AND f.conparentid = 0
  AND cn.nspname <> ALL ($1::text[]) AND pn.nspname <> ALL ($1::text[])
ORDER BY 1, 2, 5
