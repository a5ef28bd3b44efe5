CREATE TABLE ratings (
    id bigint PRIMARY KEY,
    stars integer NOT NULL,
    low integer,
    high integer
);
INSERT INTO ratings SELECT i, 1 + i % 5, 1, 5 FROM generate_series(1, 900) i;
