-- The tables of names $2 in schemas $1, pair by pair, as sql/catalog.sql prints them as far as their rows must be known: for the
-- migration tables of other tools, which may lie outside the schema that is changed.
SELECT coalesce(json_agg(json_build_object(
    'schema', n.nspname, 'name', c.relname, 'oid', c.oid::bigint, 'kind', c.relkind, 'owner', pg_get_userbyid(c.relowner),
    'owned', pg_has_role(c.relowner, 'USAGE'),
    'columns', (SELECT json_agg(json_build_object(
                           'number', a.attnum, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                           'type_schema', tn.nspname, 'type_name', t.typname, 'not_null', a.attnotnull,
                           'default_expr', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
                           'generated', a.attgenerated <> '', 'identity', a.attidentity <> '') ORDER BY a.attnum)
                FROM pg_attribute a
                JOIN pg_type t ON t.oid = a.atttypid
                JOIN pg_namespace tn ON tn.oid = t.typnamespace
                LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))), '[]')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN unnest($1::text[], $2::text[]) AS wanted (schema, name) ON wanted.schema = n.nspname AND wanted.name = c.relname
WHERE c.relkind IN ('r', 'p')
