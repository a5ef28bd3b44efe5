-- $1: the queue; $2: a number. Fails (division by zero) where that number was done already.
WITH moved AS (
    UPDATE segue_shadow.position SET number = $2::bigint, at = pg_catalog.clock_timestamp()
    WHERE queue = $1::text AND number < $2::bigint
    RETURNING 1
)
SELECT 1 / pg_catalog.count(*) FROM moved
