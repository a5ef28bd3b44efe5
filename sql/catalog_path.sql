-- The search path for work on schema $1, as a quoted list: the schema itself, then what the session's path has besides
-- segue's own schemas ($2: those of its versions) and temporary ones. NULL when there is no such schema.
SELECT (SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname = $1::text)
       || COALESCE((SELECT string_agg(', ' || quote_ident(p.name), '' ORDER BY p.place)
                    FROM unnest(current_schemas(false)) WITH ORDINALITY AS p (name, place)
                    WHERE p.name <> $1::text AND p.name <> 'segue' AND p.name <> ALL ($2::text[])
                      AND p.name !~ '^pg_(toast_)?temp_'), '')
