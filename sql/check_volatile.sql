-- Which of the functions called (schemas $1, NULL where not qualified; names $2) is volatile, as a list to read. Which one of several of a
-- name is meant is not known here: of the server's own all must be volatile (14 has a volatile timezone(text, timetz)), of others one.
SELECT string_agg(DISTINCT named.name, ', ')
FROM (
    SELECT call.name
    FROM unnest($1::text[], $2::text[]) AS call (schema, name)
    JOIN pg_proc p ON p.proname = call.name
    JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = call.schema
       OR call.schema IS NULL AND (n.nspname = 'pg_catalog' OR n.nspname = ANY (current_schemas(false)))
    GROUP BY call.name, n.nspname
    HAVING CASE WHEN n.nspname = 'pg_catalog' THEN bool_and(p.provolatile = 'v') ELSE bool_or(p.provolatile = 'v') END
) AS named
