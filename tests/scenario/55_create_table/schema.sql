CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO customers SELECT i, 'name ' || i FROM generate_series(1, 300) i;
