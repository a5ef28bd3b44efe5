-- Whether table $1 of the state may be read; NULL: the state does not know it.
SELECT has_table_privilege(c.oid, 'SELECT')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'segue' AND c.relname = $1::text
  AND (c.relname <> 'compared' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'translated'))
