CREATE TABLE gadgets (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    size integer
);
CREATE INDEX gadgets_name ON gadgets (name);
INSERT INTO gadgets SELECT i, 'gadget ' || i, i FROM generate_series(1, 400) i;
