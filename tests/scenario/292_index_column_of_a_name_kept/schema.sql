CREATE TABLE parcels (
    id bigint PRIMARY KEY,
    unit text NOT NULL,
    owner integer
);
CREATE INDEX parcels_both ON parcels (owner, unit) WHERE owner IS NOT NULL;
INSERT INTO parcels SELECT i, 'u' || i % 5, CASE WHEN i % 3 > 0 THEN i END FROM generate_series(1, 60) i;
