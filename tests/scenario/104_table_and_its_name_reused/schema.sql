CREATE TABLE visits (
    id bigint PRIMARY KEY,
    page text NOT NULL
);
INSERT INTO visits SELECT i, 'page ' || i FROM generate_series(1, 300) i;
