-- A row that walk $2 of migration $1 has left; how many it has left by now.
WITH added AS (
    INSERT INTO segue.stubborn (migration, step, relation, label, key, sqlstate, message)
    VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::text[], $6::text, $7::text)
    ON CONFLICT (migration, step, label) DO UPDATE
    SET key = excluded.key, sqlstate = excluded.sqlstate, message = excluded.message, tried_at = clock_timestamp()
)
SELECT count(*) FROM segue.stubborn WHERE migration = $1::bigint AND step = $2::text
