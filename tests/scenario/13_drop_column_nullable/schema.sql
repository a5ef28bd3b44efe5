CREATE TABLE customers (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    fax text
);
INSERT INTO customers SELECT i, 'name ' || i, '+49 ' || i FROM generate_series(1, 500) i;
