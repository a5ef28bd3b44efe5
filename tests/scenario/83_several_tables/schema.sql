CREATE TABLE customers (
    id bigint PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL
);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    amount integer NOT NULL,
    stat text NOT NULL DEFAULT 'new',
    note text
);
CREATE TABLE legacy (id bigint PRIMARY KEY, x text);
INSERT INTO customers SELECT i, 'First' || i, 'Last' || i FROM generate_series(1, 1000) i;
INSERT INTO orders SELECT i, 1 + i % 1000, i * 3, 'new', CASE WHEN i % 2 = 0 THEN 'note' END FROM generate_series(1, 3000) i;
INSERT INTO legacy SELECT i, 'x' FROM generate_series(1, 200) i;
