-- The search path that a session of each role has on each version of schema $1: the role's present one, with the version and those that it
-- stands on before the schema that they are versions of, and without other versions. Role '' is every role without a path of its own.
WITH
known AS (
    SELECT current_version AS name FROM segue.schemas
    UNION
    SELECT unnest(ARRAY[old_version, new_version]) FROM segue.migrations
),
version AS (
    SELECT current_version AS name, NULL::bigint AS id FROM segue.schemas WHERE schema = $1::text
    UNION ALL
    SELECT new_version, id FROM segue.migrations WHERE schema = $1::text AND state = 'active'
),
-- What stands before the schema: the version, and the live ones below it, the nearest first.
stack AS (
    SELECT name AS version, name, 0::numeric AS place FROM version
    UNION ALL
    SELECT version.name, below.new_version, row_number() OVER (PARTITION BY version.name ORDER BY below.id DESC)
    FROM version
    JOIN segue.migrations below ON below.schema = $1::text AND below.id < version.id
                               AND below.state NOT IN ('completed', 'rolled-back')
),
setting AS (
    SELECT s.setrole, s.setdatabase, substr(entry, length('search_path=') + 1) AS path
    FROM pg_db_role_setting s, unnest(s.setconfig) AS entry
    WHERE starts_with(entry, 'search_path=')
      AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
),
role AS (
    SELECT DISTINCT ON (s.setrole) coalesce(r.rolname::text, '') AS name, s.path
    FROM setting s
    LEFT JOIN pg_roles r ON r.oid = s.setrole
    WHERE s.setrole = 0 OR r.oid IS NOT NULL
    ORDER BY s.setrole, s.setdatabase DESC
),
present AS (
    SELECT name, path FROM role
    UNION ALL
    SELECT '', '"$user", public' WHERE NOT EXISTS (SELECT FROM role WHERE name = '')
),
word AS (
    SELECT present.name AS role, COALESCE(replace(m.word[1], '""', '"'), lower(m.word[2])) AS name, m.place
    FROM present,
    regexp_matches(present.path, '"((?:[^"]|"")*)"|([^",\s]+)', 'g') WITH ORDINALITY AS m (word, place)
),
kept AS (
    SELECT role, name, place FROM word
    WHERE name <> 'segue' AND name NOT IN (SELECT name FROM known)
    UNION ALL
    SELECT present.name, $1::text, 0 FROM present
    WHERE NOT EXISTS (SELECT FROM word WHERE word.role = present.name AND word.name = $1::text)
),
path AS (
    SELECT kept.role, version.name AS version, kept.name, kept.place::numeric AS place
    FROM kept, version
    UNION ALL
    SELECT kept.role, stack.version, stack.name, kept.place - 1 + (stack.place + 1) / 1000
    FROM kept, stack
    WHERE kept.name = $1::text
)
SELECT role, version, string_agg(quote_ident(name), ', ' ORDER BY place) AS path
FROM path
GROUP BY role, version
