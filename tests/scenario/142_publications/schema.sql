CREATE TABLE sales (
    id bigint PRIMARY KEY,
    amount integer NOT NULL,
    note text
);
CREATE TABLE stores (id bigint PRIMARY KEY, name text);
CREATE PUBLICATION all_sales FOR TABLE sales (id, amount);
INSERT INTO sales SELECT i, i, 'n' || i FROM generate_series(1, 300) i;
INSERT INTO stores SELECT i, 's' || i FROM generate_series(1, 100) i;
