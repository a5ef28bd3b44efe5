-- The progress of walk $2 of migration $1.
SELECT rows_done, rows_total, chunks, finished, extract(epoch FROM updated_at - started_at)
FROM segue.walks
WHERE migration = $1::bigint AND step = $2::text
