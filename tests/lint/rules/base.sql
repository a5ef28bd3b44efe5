CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, email text);
INSERT INTO customers SELECT n, 'name ' || n, n || '@example.org' FROM generate_series(1, 1000) n;
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    amount integer,
    code varchar(20),
    note text
);
INSERT INTO orders SELECT n, n % 1000 + 1, n, 'code ' || n, 'note ' || n FROM generate_series(1, 1000) n;
CREATE INDEX orders_amount ON orders (amount);
