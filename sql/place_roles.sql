-- Which of the roles ($1: names, one a line) are not there, and the statements that make them for the rehearsal of number $2.
SELECT u.name, format('CREATE ROLE %I', u.name) AS make, format('COMMENT ON ROLE %I IS %L', u.name, 'segue rehearsal ' || $2::text) AS mark
FROM unnest(string_to_array($1::text, E'\n')) AS u (name)
WHERE u.name <> '' AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = u.name)
ORDER BY u.name
