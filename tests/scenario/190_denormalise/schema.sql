CREATE TABLE customers (
    code varchar(12) PRIMARY KEY,
    name text NOT NULL,
    city text
);
CREATE TABLE orders (
    id integer PRIMARY KEY,
    customer varchar(12) NOT NULL,
    total integer
);
CREATE INDEX orders_customer ON orders (customer);
INSERT INTO customers SELECT 'C' || g, 'Customer ' || g, 'City ' || g % 5 FROM generate_series(1, 40) AS g;
INSERT INTO orders SELECT g, 'C' || 1 + g % 40, g * 3 FROM generate_series(1, 600) AS g;
