-- Records in migration $1 that step $2 is done or undone ($3) and took $4 seconds.
INSERT INTO segue.steps (migration, step, status, seconds)
VALUES ($1::bigint, $2::text, $3::text, $4::double precision)
ON CONFLICT (migration, step) DO UPDATE
SET status = excluded.status, seconds = excluded.seconds, finished_at = excluded.finished_at
