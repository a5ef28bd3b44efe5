CREATE TABLE codes (
    id integer PRIMARY KEY,
    code character varying(255) NOT NULL,
    label text,
    level bigint NOT NULL DEFAULT 1,
    rank integer,
    remark character varying
);
INSERT INTO codes SELECT n, 'code ' || n || repeat('x', n % 40), CASE WHEN n % 9 <> 0 THEN repeat('y', n % 30) END, n * 10, n, 'r' || n
    FROM generate_series(1, 400) n;
