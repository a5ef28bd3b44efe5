-- The migrations that are under way, the oldest first; their plans only when $1 is true.
SELECT id, name, digest, schema, old_version, new_version, state, paused,
       CASE WHEN $1::boolean THEN plan::text END AS plan, goal, owner, deadline,
       to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started_at,
       to_char(active_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS active_at,
       to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS finished_at,
       message
FROM segue.migrations
WHERE state NOT IN ('completed', 'rolled-back')
ORDER BY id
