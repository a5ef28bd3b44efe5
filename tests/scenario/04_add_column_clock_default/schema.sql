CREATE TABLE visits (
    id bigint PRIMARY KEY,
    page text NOT NULL
);
INSERT INTO visits SELECT i, '/page/' || i % 20 FROM generate_series(1, 600) i;
