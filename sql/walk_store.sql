-- Stores how far walk $2 of migration $1 has come.
INSERT INTO segue.walks (migration, step, last, finish, rows_done, rows_total, chunks, finished)
VALUES ($1::bigint, $2::text, $3::text[], $4::text[], $5::double precision, $6::double precision, $7::bigint, $8::boolean)
ON CONFLICT (migration, step) DO UPDATE
SET last = excluded.last, finish = excluded.finish, rows_done = excluded.rows_done, rows_total = excluded.rows_total,
    chunks = excluded.chunks, finished = excluded.finished, updated_at = excluded.updated_at
