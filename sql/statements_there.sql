-- The schema of pg_stat_statements, whether its version tells what is asked of it, and what the name of table $1 is in the text
-- of a statement, as a regular expression.
SELECT n.nspname,
       e.extversion ~ '^(1\.(9|[1-9][0-9])|[2-9])' AS current,
       '\m' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g') || '\M' AS pattern
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace, pg_class c
WHERE e.extname = 'pg_stat_statements' AND c.oid = $1::regclass
