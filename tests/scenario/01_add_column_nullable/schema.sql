CREATE TABLE customers (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text
);
INSERT INTO customers SELECT i, 'name ' || i, 'user' || i || '@example.com' FROM generate_series(1, 500) i;
