CREATE TABLE parcels (
    code text PRIMARY KEY,
    weight integer NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON parcels TO app_writer;
INSERT INTO parcels SELECT 'P' || i, i % 40 FROM generate_series(1, 1500) i;
