-- What the session that asks holds, so that another one can be made like it: settings, prepared statements, and what cannot be made again. $1: the
-- user with whom it began; $2: names of settings with a dot, which no server lists, with commas between them.
SELECT 'stays' AS kind, why AS name, NULL AS value, NULL AS types
FROM (VALUES
    ('temporary tables', EXISTS (SELECT FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema())),
    ('a cursor that is held open', EXISTS (SELECT FROM pg_catalog.pg_cursors WHERE is_holdable)),
    ('LISTEN', EXISTS (SELECT FROM pg_catalog.pg_listening_channels())),
    ('advisory locks', EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid())),
    ('another session user', session_user <> $1::text),
    ('a search path of its own', EXISTS (SELECT FROM pg_catalog.pg_settings WHERE name = 'search_path' AND source = 'session'))
) AS stay (why, so)
WHERE so
UNION ALL
SELECT 'setting', name, pg_catalog.current_setting(name), NULL
FROM pg_catalog.pg_settings
WHERE source = 'session' AND name <> 'search_path' AND name !~ '^transaction_'
UNION ALL
SELECT 'setting', name, pg_catalog.current_setting(name, true), NULL
FROM pg_catalog.unnest(pg_catalog.string_to_array($2::text, ',')) AS known (name)
WHERE pg_catalog.current_setting(name, true) IS NOT NULL
UNION ALL
SELECT CASE WHEN from_sql THEN 'sql' ELSE 'statement' END, name, statement,
       pg_catalog.array_to_string(parameter_types::pg_catalog.oid[], ' ')
FROM pg_catalog.pg_prepared_statements
WHERE name <> 'segue_move'
UNION ALL
SELECT 'setting', 'role', pg_catalog.current_setting('role'), NULL
WHERE pg_catalog.current_setting('role') <> 'none'
