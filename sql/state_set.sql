-- Moves migration $1 from state $2 to state $3 with message $4; no row when it is in another state.
UPDATE segue.migrations
SET state = $3::text,
    message = $4::text,
    paused = paused AND $3::text NOT IN ('active', 'completed', 'rolled-back'), -- nothing is left there to hold back
    active_at = CASE WHEN $3::text = 'active' AND state <> 'active' THEN clock_timestamp() ELSE active_at END,
    finished_at = CASE WHEN $3::text IN ('completed', 'rolled-back') THEN clock_timestamp() ELSE finished_at END
WHERE id = $1::bigint AND state = $2::text
