-- Divides the pages of table $3 among at most $4 lanes of walk $2 of migration $1, each with at least 64 pages. A lane ends where the
-- next one begins; the table's file is noted with it.
WITH size AS (
    SELECT pg_relation_size($3::regclass) / current_setting('block_size')::bigint AS pages
),
lane AS (
    SELECT n, pages * (n - 1) / lanes AS first, pages * n / lanes AS after, pages
    FROM size, LATERAL (SELECT greatest(least($4::bigint, pages / 64), 1) AS lanes) l, generate_series(1, lanes) n
    WHERE NOT EXISTS (SELECT FROM segue.walks WHERE migration = $1::bigint AND starts_with(step, $2::text || '/lane-'))
)
INSERT INTO segue.walks (migration, step, last, finish, rows_done, rows_total, chunks, finished)
SELECT $1::bigint, $2::text || '/lane-' || n, ARRAY[first::text, NULL, NULL],
       ARRAY[after::text, pg_relation_filenode($3::regclass)::text, ($5::double precision / greatest(pages, 1))::text], 0,
       $5::double precision * (after - first) / greatest(pages, 1), 0, after = first
FROM lane
