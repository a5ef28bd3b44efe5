-- Which of the functions called (schemas $1, NULL where not qualified; names $2) is volatile, as a list to read.
SELECT string_agg(DISTINCT call.name, ', ')
FROM unnest($1::text[], $2::text[]) AS call (schema, name)
JOIN pg_proc p ON p.proname = call.name AND p.provolatile = 'v'
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = call.schema
   OR call.schema IS NULL AND (n.nspname = 'pg_catalog' OR n.nspname = ANY (current_schemas(false)))
