-- Whether the state tables that know the versions are there and may be read; asks the catalog alone.
SELECT count(*) = 2 AND bool_and(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'segue' AND c.relname IN ('schemas', 'migrations')
