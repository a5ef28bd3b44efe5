-- The versions of schema $1 that sessions may be on, the oldest first: the one that it runs on, then those that are live beside it. `share` is
-- percent of the sessions, and `reads` of what the others only read; the first one takes what the others leave.
SELECT s.current_version AS version, 100::float8 AS share, NULL AS tripped, 0 AS turn, 0::float8 AS reads, 0::bigint AS place
FROM segue.schemas s
WHERE s.schema = $1::text
UNION ALL
SELECT m.new_version, coalesce(r.share, 0), r.tripped, coalesce(r.turn, 0), coalesce(r.reads, 0), m.id
FROM segue.migrations m
LEFT JOIN segue.ramps r ON r.schema = m.schema AND r.version = m.new_version
WHERE m.schema = $1::text AND m.state = 'active'
ORDER BY place
