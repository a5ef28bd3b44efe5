CREATE TABLE warehouses (
    id integer PRIMARY KEY,
    city text NOT NULL
);
CREATE TABLE stock (
    id bigint PRIMARY KEY,
    sku text NOT NULL,
    place integer NOT NULL
);
INSERT INTO warehouses SELECT i, 'city ' || i FROM generate_series(1, 200) i;
INSERT INTO stock SELECT i, 'SKU-' || i, 1 + i % 200 FROM generate_series(1, 1500) i;
