-- Whether migration $1 shall rest: by segue pause, and by the row that anyone with the privilege can set, in words.
SELECT m.paused,
       'segue.pause was set by ' || p.set_by || ' at ' || to_char(p.set_at AT TIME ZONE 'UTC', 'HH24:MI:SS "UTC"')
       || coalesce(' (' || nullif(p.reason, '') || ')', '') AS held
FROM segue.migrations m LEFT JOIN segue.pause p ON p.paused
WHERE m.id = $1::bigint
