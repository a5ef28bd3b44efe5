-- The statement that makes role $3 use version $2 (its schema's name, or the migration's) of schema $1 in database $4 (NULL:
-- this one); $5: the schemas of all versions, empty when the state may not be read; $6: the versions on which it stands. The version
-- goes with these before the schema that it is a version of, wherever the role's present path has that; other versions go
-- from the path.
WITH
version AS (
    SELECT nspname::text AS name
    FROM pg_namespace
    WHERE nspname IN ($2::text, $1::text || '_' || $2::text) AND nspname <> $1::text
      AND (nspname = ANY ($5::text[]) OR cardinality($5::text[]) = 0 AND starts_with(nspname, $1::text || '_'))
    ORDER BY nspname = $2::text DESC
    LIMIT 1
),
target AS (
    SELECT COALESCE($4::text, current_database()) AS database,
           (SELECT oid FROM pg_database WHERE datname = COALESCE($4::text, current_database())) AS database_oid,
           (SELECT oid FROM pg_roles WHERE rolname = $3::text) AS role_oid
),
-- The settings that a session of the role would start with, the strongest first.
setting AS (
    SELECT substr(entry, length('search_path=') + 1) AS path
    FROM target t
    JOIN pg_db_role_setting s ON s.setdatabase IN (0, t.database_oid) AND s.setrole IN (0, t.role_oid),
    unnest(s.setconfig) AS entry
    WHERE starts_with(entry, 'search_path=')
    ORDER BY s.setrole = t.role_oid DESC, s.setdatabase = t.database_oid DESC
    LIMIT 1
),
present AS (
    SELECT COALESCE(replace(m.word[1], '""', '"'), lower(m.word[2])) AS name, m.place
    FROM regexp_matches(COALESCE((SELECT path FROM setting), '"$user", public'),
                        '"((?:[^"]|"")*)"|([^",\s]+)', 'g') WITH ORDINALITY AS m (word, place)
),
kept AS (
    SELECT name, place * 2 AS place
    FROM present
    WHERE name <> 'segue' AND name <> ALL ($5::text[]) AND name NOT IN (SELECT name FROM version)
),
path AS (
    SELECT name, place FROM kept
    UNION ALL
    SELECT $1::text, 1 WHERE $1::text NOT IN (SELECT name FROM kept)
    UNION ALL
    SELECT name, COALESCE((SELECT min(place) FROM kept WHERE kept.name = $1::text), 1) - 1 FROM version
    UNION ALL
    SELECT below.name, COALESCE((SELECT min(place) FROM kept WHERE kept.name = $1::text), 1) - 0.5
                       + below.place / 1000.0
    FROM unnest($6::text[]) WITH ORDINALITY AS below (name, place)
)
SELECT (SELECT name FROM version) AS version,
       (SELECT role_oid IS NOT NULL FROM target) AS role_exists,
       (SELECT format('ALTER ROLE %I IN DATABASE %I SET search_path = ', $3::text, database) FROM target)
       || (SELECT string_agg(quote_ident(name), ', ' ORDER BY place) FROM path) AS statement
