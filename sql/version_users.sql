-- Who was seen using version $2 (NULL: any) of migration $1 within the last $3 seconds, the latest first.
SELECT version, pid, usename, application, address,
       to_char(seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS seen_at,
       extract(epoch FROM clock_timestamp() - seen_at)::float8 AS seconds_ago
FROM segue.version_users u
WHERE migration = $1::bigint AND (version = $2::text OR $2::text IS NULL)
  AND seen_at > clock_timestamp() - make_interval(secs => $3::float8)
ORDER BY u.seen_at DESC, pid
