-- How the throttle of migration $1 stands: $2 the duty, $3 the reason or NULL, $4 what it saw.
INSERT INTO segue.throttle AS known (migration, duty, reason, signals, at)
VALUES ($1::bigint, $2::float8, $3::text, $4::json, clock_timestamp())
ON CONFLICT (migration) DO UPDATE
SET duty = excluded.duty, reason = excluded.reason, signals = excluded.signals, at = excluded.at
