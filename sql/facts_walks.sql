-- How fast earlier backfills in this database went, with all their rests, the latest first: lanes of one copy together.
SELECT m.name, w.base, bool_or(w.lane) AS copied,
       (CASE WHEN bool_or(w.lane) THEN sum(w.rows_done) FILTER (WHERE w.lane) ELSE sum(w.rows_done) END)::float8 AS rows,
       extract(epoch FROM max(w.updated_at) - min(w.started_at))::float8 AS seconds
FROM (SELECT migration, regexp_replace(step, '/lane-[0-9]+$', '') AS base, step ~ '/lane-[0-9]+$' AS lane, rows_done, started_at, updated_at
      FROM segue.walks WHERE step LIKE 'backfill/%' AND step !~ '/undo(/|$)' AND finished) w
JOIN segue.migrations m ON m.id = w.migration
GROUP BY m.id, m.name, w.base
HAVING sum(w.rows_done) >= 1000 AND max(w.updated_at) - min(w.started_at) >= interval '50 ms'
ORDER BY max(w.updated_at) DESC
LIMIT 10
