INSERT INTO segue.events (migration, kind, step, message) VALUES ($1::bigint, $2::text, $3::text, $4::text)
