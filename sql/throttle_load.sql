-- How the throttle of migration $1 stands, if it was heard of within the last seconds.
SELECT duty, reason, signals::text,
       to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
FROM segue.throttle
WHERE migration = $1::bigint AND at > clock_timestamp() - interval '10 s'
