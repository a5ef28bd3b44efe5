-- Whether the relation of this name, as the search path finds it, is a table; no row when there is none.
SELECT c.relkind IN ('r', 'p') FROM pg_class c WHERE c.oid = to_regclass($1)
