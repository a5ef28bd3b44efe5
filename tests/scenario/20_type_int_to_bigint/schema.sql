CREATE TABLE counters (
    id bigint PRIMARY KEY,
    hits integer NOT NULL DEFAULT 0,
    misses smallint
);
INSERT INTO counters SELECT i, i * 3, i % 100 FROM generate_series(1, 5000) i;
