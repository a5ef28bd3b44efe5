-- The passes of migration $1 that count: the last complete one, and after it the last one that left differences.
WITH complete AS (
    SELECT * FROM segue.passes WHERE migration = $1::bigint AND complete ORDER BY id DESC LIMIT 1
), found AS (
    SELECT * FROM segue.passes
    WHERE migration = $1::bigint AND differences > mended AND id > coalesce((SELECT id FROM complete), 0)
    ORDER BY id DESC LIMIT 1
)
SELECT p.complete, p.kind, p.keepers, p.rows, p.differences, p.mended,
       extract(epoch FROM clock_timestamp() - coalesce(p.ended_at, p.began_at)),
       to_char(coalesce(p.ended_at, p.began_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM (SELECT * FROM complete UNION ALL SELECT * FROM found) AS p
