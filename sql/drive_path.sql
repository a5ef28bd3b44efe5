-- What follows a version's schema on the search path: the schema itself ($1) and whatever else the session sees, without
-- other versions.
SELECT concat_ws(', ', quote_ident($1),
           (SELECT string_agg(quote_ident(s), ', ' ORDER BY place)
            FROM unnest(current_schemas(false)) WITH ORDINALITY AS path(s, place)
            WHERE s <> $1 AND left(s, length($1) + 1) <> $1 || '_')) AS path
