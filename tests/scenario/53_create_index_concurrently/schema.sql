CREATE TABLE parcels (
    id bigint PRIMARY KEY,
    code text NOT NULL,
    weight integer
);
INSERT INTO parcels SELECT i, 'c' || i, i % 50 FROM generate_series(1, 500) i;
