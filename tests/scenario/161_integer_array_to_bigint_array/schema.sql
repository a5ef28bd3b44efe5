CREATE TABLE samples (
    id bigint PRIMARY KEY,
    readings integer[] NOT NULL DEFAULT '{}',
    marks smallint[] DEFAULT ARRAY[1, 2]::smallint[],
    CONSTRAINT few_readings CHECK (cardinality(readings) < 100)
);
CREATE INDEX samples_readings ON samples USING gin (readings);
INSERT INTO samples SELECT i, ARRAY[i, i * 2], CASE WHEN i % 5 > 0 THEN ARRAY[i % 9]::smallint[] END FROM generate_series(1, 600) i;
