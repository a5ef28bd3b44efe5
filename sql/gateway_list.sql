-- The gateways that have spoken within the last five seconds.
SELECT id, place, sessions::text, turn, extract(epoch FROM clock_timestamp() - seen_at)::text AS seconds
FROM segue.gateways
WHERE seen_at > clock_timestamp() - interval '5 seconds'
ORDER BY place
