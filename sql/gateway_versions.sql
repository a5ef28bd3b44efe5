-- The versions of schema $1 that sessions may be on, the oldest first: the one that it runs on, then those that are live beside it. `share` is
-- percent of the sessions, and `reads` of what the others only read; the first one takes what the others leave. `seconds`: in the breaker's state; `again`: until
-- an open one is tried again; `resumes`, `resumes_reads`: the shares that it then may have again.
SELECT s.current_version AS version, 100::float8 AS share, NULL AS tripped, 0 AS turn, 0::float8 AS reads, NULL AS breaker, NULL::float8 AS seconds,
       NULL::float8 AS again, NULL::float8 AS resumes, NULL::float8 AS resumes_reads, 0::bigint AS place
FROM segue.schemas s
WHERE s.schema = $1::text
UNION ALL
SELECT m.new_version, coalesce(r.share, 0), r.tripped, coalesce(r.turn, 0), coalesce(r.reads, 0), coalesce(r.breaker, 'closed'),
       extract(epoch FROM clock_timestamp() - r.breaker_at),
       CASE WHEN r.breaker = 'open' AND r.pause > 0 THEN greatest(extract(epoch FROM r.breaker_at - clock_timestamp()) + r.pause, 0) END, r.resumes, r.resumes_reads,
       m.id
FROM segue.migrations m
LEFT JOIN segue.ramps r ON r.schema = m.schema AND r.version = m.new_version
WHERE m.schema = $1::text AND m.state = 'active'
ORDER BY place
