CREATE TABLE customers (
    code integer PRIMARY KEY,
    name text NOT NULL,
    city text
);
CREATE TABLE orders (
    id integer PRIMARY KEY,
    customer integer NOT NULL REFERENCES customers,
    total integer
);
CREATE INDEX orders_customer ON orders (customer);
INSERT INTO customers SELECT g, 'Customer ' || g, 'City ' || g % 5 FROM generate_series(1, 70) AS g;
INSERT INTO orders SELECT g, 1 + g % 70, g * 3 FROM generate_series(1, 600) AS g;
