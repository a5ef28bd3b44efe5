-- The rows that walk $2 (NULL: any) of migration $1 has left.
SELECT relation, label, sqlstate, message, to_char(tried_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM segue.stubborn
WHERE migration = $1::bigint AND (step = $2::text OR $2::text IS NULL)
ORDER BY relation, key
