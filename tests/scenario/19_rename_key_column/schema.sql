CREATE TABLE parts (
    part_no bigint PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE part_prices (
    id bigint PRIMARY KEY,
    part_no bigint NOT NULL REFERENCES parts,
    price numeric NOT NULL
);
INSERT INTO parts SELECT i, 'part ' || i FROM generate_series(1, 300) i;
INSERT INTO part_prices SELECT i, i, i * 2.5 FROM generate_series(1, 300) i;
