-- All migrations, the oldest first.
SELECT id, name, digest, schema, old_version, new_version, state, paused,
       NULL::text AS plan, goal, owner, deadline,
       to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started_at,
       to_char(active_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS active_at,
       to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS finished_at,
       message
FROM segue.migrations
ORDER BY id
