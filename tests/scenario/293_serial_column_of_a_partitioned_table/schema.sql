-- The sequence's function is the partitioned table's, and made, dropped and undone once.
CREATE TABLE visits (
    page text NOT NULL,
    hits integer,
    CONSTRAINT visits_key PRIMARY KEY (page)
) PARTITION BY HASH (page);
CREATE TABLE visits_even PARTITION OF visits FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE visits_odd PARTITION OF visits FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO visits SELECT 'page ' || i, i % 7 FROM generate_series(1, 300) AS i;
ANALYZE;
