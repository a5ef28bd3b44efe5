CREATE TABLE drawers (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    depth integer
);
CREATE INDEX drawers_name ON drawers (name);
INSERT INTO drawers SELECT i, 'drawer ' || i, i FROM generate_series(1, 300) i;
