-- The version $2 (its schema's name, or the migration's) of schema $1, quoted, and the present database; $3: the schemas of all
-- versions, empty when the state may not be read. NULL: no such version.
SELECT (SELECT quote_ident(nspname)
        FROM pg_namespace
        WHERE nspname IN ($2::text, $1::text || '_' || $2::text) AND nspname <> $1::text
          AND (nspname = ANY ($3::text[]) OR cardinality($3::text[]) = 0 AND starts_with(nspname, $1::text || '_'))
        ORDER BY nspname = $2::text DESC
        LIMIT 1) AS version,
       current_database() AS database
