CREATE TABLE files (
    id bigint PRIMARY KEY,
    content text NOT NULL
);
INSERT INTO files SELECT i, repeat(md5(i::text), 400) FROM generate_series(1, 300) i;
