-- Who owns and may do what in schema $1, a line a right: the object, a colon, and who.
WITH objects (kind, name, owner, acl) AS (
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' ELSE 'table' END, quote_ident(c.relname),
           c.relowner, COALESCE(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1::text AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
    UNION ALL
    SELECT 'function', p.oid::regprocedure::text, p.proowner, COALESCE(p.proacl, acldefault('f', p.proowner))
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = $1::text
    UNION ALL
    SELECT 'type', quote_ident(t.typname), t.typowner, COALESCE(t.typacl, acldefault('T', t.typowner))
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname = $1::text AND t.typtype IN ('e', 'd', 'r')
    UNION ALL
    SELECT 'schema', quote_ident(n.nspname), n.nspowner, COALESCE(n.nspacl, acldefault('n', n.nspowner))
    FROM pg_catalog.pg_namespace n
    WHERE n.nspname = $1::text
), columns (name, acl) AS (
    SELECT quote_ident(c.relname) || '.' || quote_ident(a.attname), a.attacl
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attacl IS NOT NULL
    WHERE n.nspname = $1::text
), grants (object, acl) AS (
    SELECT kind || ' ' || name, acl FROM objects
    UNION ALL SELECT 'column ' || name, acl FROM columns
), lines (line) AS (
    SELECT kind || ' ' || name || ': owned by ' || pg_get_userbyid(owner) FROM objects
    UNION ALL
    SELECT g.object || ': ' || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END || ' may ' || a.privilege_type
           || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    FROM grants g, aclexplode(g.acl) a
)
SELECT line FROM lines ORDER BY line COLLATE "C"
