-- Rows without a key: only the new version is bound.
CREATE TABLE readings (
    meter integer,
    value integer
);
INSERT INTO readings SELECT NULLIF(i, 77), i % 100 FROM generate_series(1, 1500) i;
