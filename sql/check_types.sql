-- The names that a column's type may have on the search path, each as pg_type has it and as it is read.
SELECT t.typname::text
FROM pg_type t
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE pg_type_is_visible(t.oid) AND t.typtype <> 'p' AND t.typcategory <> 'A' AND (c.oid IS NULL OR c.relkind = 'c')
UNION
SELECT format_type(t.oid, NULL)
FROM pg_type t
WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype = 'b' AND t.typcategory <> 'A'
