-- The baseline of schema $1.
SELECT fingerprint, cardinality(objects), made_by, to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM segue.baselines
WHERE schema = $1::text
