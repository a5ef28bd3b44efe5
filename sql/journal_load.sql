-- The journal of migration $1.
SELECT step, status, to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), seconds
FROM segue.steps
WHERE migration = $1::bigint
ORDER BY finished_at
