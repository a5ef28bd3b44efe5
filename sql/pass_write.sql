-- How pass $1 stands: $2 rows, $3 differences, $4 of them mended. $5: it has ended. $6: every row was looked at; that counts with the keepers
-- ($7) of its begin.
UPDATE segue.passes
SET rows = $2::double precision, differences = $3::double precision, mended = $4::double precision,
    complete = $6::boolean AND keepers = $7::text,
    ended_at = CASE WHEN $5::boolean THEN clock_timestamp() END
WHERE id = $1::bigint
