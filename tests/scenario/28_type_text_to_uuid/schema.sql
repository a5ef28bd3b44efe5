CREATE TABLE tokens (
    id bigint PRIMARY KEY,
    token text NOT NULL
);
INSERT INTO tokens SELECT i, md5(i::text)::uuid::text FROM generate_series(1, 500) i;
