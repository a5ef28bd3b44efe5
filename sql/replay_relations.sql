-- Whether all of the relations ($1: names as statements have them, text[]) that are there are the server's own; NULL: none is there.
SELECT bool_and(n.nspname ~ '^pg_' OR n.nspname = 'information_schema')
FROM unnest($1::text[]) AS u (name)
JOIN pg_class c ON c.oid = to_regclass(u.name)
JOIN pg_namespace n ON n.oid = c.relnamespace
