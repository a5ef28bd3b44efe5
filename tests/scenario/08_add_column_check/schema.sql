CREATE TABLE lines (
    id bigint PRIMARY KEY,
    sku text NOT NULL
);
INSERT INTO lines SELECT i, 'SKU-' || i FROM generate_series(1, 500) i;
