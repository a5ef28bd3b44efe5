-- The table that $1 names, or whose index it names, as the search path finds it: its name, what it is, whether its rows may be read,
-- the columns of its primary key, and whether nobody has ever put a page into it.
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS relation, c.relkind,
       c.relkind NOT IN ('r', 'p', 'm') OR has_table_privilege(c.oid, 'SELECT') AS readable,
       (SELECT string_agg(quote_ident(a.attname), ',' ORDER BY k.place)
        FROM pg_index x, unnest(x.indkey::int2[]) WITH ORDINALITY AS k (attnum, place), pg_attribute a
        WHERE x.indrelid = c.oid AND x.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum) AS key,
       c.relkind IN ('r', 'm') AND pg_relation_size(c.oid) = 0 AS untouched
FROM (SELECT COALESCE(x.indrelid, r.oid) AS oid FROM (SELECT to_regclass($1)::oid AS oid) r LEFT JOIN pg_index x ON x.indexrelid = r.oid) named
JOIN pg_class c ON c.oid = named.oid
JOIN pg_namespace n ON n.oid = c.relnamespace
