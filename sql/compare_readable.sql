-- Whether the statements that gateways have seen may be read; NULL: the state does not know them.
SELECT has_table_privilege(c.oid, 'SELECT')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'segue' AND c.relname = 'statements'
