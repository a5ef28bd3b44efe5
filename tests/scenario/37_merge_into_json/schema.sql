CREATE TABLE parcels (
    id bigint PRIMARY KEY,
    width integer NOT NULL,
    height integer NOT NULL,
    depth integer NOT NULL DEFAULT 1
);
INSERT INTO parcels SELECT i, i, i + 1, i + 2 FROM generate_series(1, 800) i;
