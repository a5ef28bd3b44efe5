-- The version $2 (its schema's name, or the migration's) of schema $1 and those on which it stands ($4), quoted, and the present
-- database; $3: the schemas of all versions, empty when the state may not be read. NULL: no such version.
SELECT (SELECT quote_ident(nspname)
               || coalesce((SELECT string_agg(',' || quote_ident(below.name), '' ORDER BY below.place)
                            FROM unnest($4::text[]) WITH ORDINALITY AS below (name, place)), '')
        FROM pg_namespace
        WHERE nspname IN ($2::text, $1::text || '_' || $2::text) AND nspname <> $1::text
          AND (nspname = ANY ($3::text[]) OR cardinality($3::text[]) = 0 AND starts_with(nspname, $1::text || '_'))
        ORDER BY nspname = $2::text DESC
        LIMIT 1) AS version,
       current_database() AS database
