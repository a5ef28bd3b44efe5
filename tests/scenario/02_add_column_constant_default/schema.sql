CREATE TABLE orders (
    id bigint PRIMARY KEY,
    total numeric(12, 2) NOT NULL
);
INSERT INTO orders SELECT i, i * 1.25 FROM generate_series(1, 800) i;
