-- How many of the places where a $1 called $3 could be hold one, and how many places there are: schemas, which are $2, or those of the
-- search path and public ($5: of which one is to be made, where it would go), or tables (types) called $4 in them. And what a relation is.
WITH spaces AS (
    SELECT n.oid FROM pg_namespace n
    WHERE CASE WHEN $2::name IS NOT NULL THEN n.nspname = $2
               ELSE n.nspname = 'public' OR n.nspname = ANY (CASE WHEN $5::boolean THEN ARRAY[current_schema()] ELSE current_schemas(true) END) END
), tables AS (
    SELECT c.oid, c.relnamespace FROM pg_class c WHERE c.relnamespace IN (SELECT oid FROM spaces) AND c.relname = $4::name
), found AS (
    SELECT c.relnamespace AS place, c.relkind::text AS kind FROM pg_class c
    WHERE $1::text IN ('relation', 'view') AND c.relname = $3::name AND c.relnamespace IN (SELECT oid FROM spaces)
    UNION ALL
    SELECT t.typnamespace, 'type' FROM pg_type t
    WHERE $1 IN ('type', 'row type') AND t.typname = $3::name AND t.typnamespace IN (SELECT oid FROM spaces)
      AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    UNION ALL
    SELECT p.pronamespace, 'function' FROM pg_proc p WHERE $1 = 'function' AND p.proname = $3::name AND p.pronamespace IN (SELECT oid FROM spaces)
    UNION ALL
    SELECT t.oid, 'relation' FROM tables t JOIN pg_class c ON c.relnamespace = t.relnamespace WHERE $1 = 'neighbour' AND c.relname = $3::name
    UNION ALL
    SELECT t.oid, 'column' FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid WHERE $1 = 'column' AND a.attname = $3::name AND NOT a.attisdropped
    UNION ALL
    SELECT t.oid, 'constraint' FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid
    WHERE $1 = 'constraint' AND k.conname = $3::name OR $1 = 'primary key' AND k.contype = 'p'
    UNION ALL
    SELECT t.oid, 'trigger' FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE $1 = 'trigger' AND g.tgname = $3::name
    UNION ALL
    SELECT t.oid, 'policy' FROM tables t JOIN pg_policy p ON p.polrelid = t.oid WHERE $1 IN ('policy', 'policy or rule') AND p.polname = $3::name
    UNION ALL
    SELECT t.oid, 'rule' FROM tables t JOIN pg_rewrite r ON r.ev_class = t.oid WHERE $1 IN ('rule', 'policy or rule') AND r.rulename = $3::name
    UNION ALL
    SELECT 0, 'index' FROM pg_class c WHERE $1 = 'index' AND c.relname = $3::name AND c.relkind IN ('i', 'I')
    UNION ALL
    SELECT 0, 'schema' FROM pg_namespace n WHERE $1 = 'schema' AND n.nspname = $3::name
    UNION ALL
    SELECT 0, 'extension' FROM pg_extension x WHERE $1 = 'extension' AND x.extname = $3::name
    UNION ALL
    SELECT 0, 'extension' FROM pg_available_extensions x WHERE $1 = 'available extension' AND x.name = $3::name
    UNION ALL
    SELECT 0, 'type' WHERE $1 = 'column type' AND to_regtype($3) IS NOT NULL
    UNION ALL
    SELECT t.oid, 'value' FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
    WHERE $1 = 'enum value' AND t.typname = $4::name AND t.typnamespace IN (SELECT oid FROM spaces) AND e.enumlabel = $3::name
)
SELECT count(DISTINCT place) AS having,
       CASE WHEN bool_or(place = 0) OR $1 = 'enum value' AND count(*) > 0 THEN 1
            WHEN $4 IS NULL THEN (SELECT count(*) FROM spaces) ELSE (SELECT count(*) FROM tables) END AS places,
       min(kind) AS kind
FROM found
