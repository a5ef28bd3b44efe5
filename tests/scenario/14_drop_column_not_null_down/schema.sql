CREATE TABLE products (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    short_title text NOT NULL
);
INSERT INTO products SELECT i, 'A long title ' || i, substr('A long title ' || i, 1, 8) FROM generate_series(1, 1200) i;
