-- The tables of a schema ($1) that traffic may be driven against.
SELECT c.relname AS name
FROM pg_class c
WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
ORDER BY c.relname
