CREATE TABLE readings (
    id bigint PRIMARY KEY,
    sensor integer NOT NULL,
    value integer NOT NULL
);
CREATE MATERIALIZED VIEW sums AS SELECT sensor, sum(value) AS total FROM readings GROUP BY sensor;
CREATE UNIQUE INDEX sums_sensor ON sums (sensor);
CREATE MATERIALIZED VIEW sensors AS SELECT DISTINCT sensor FROM readings;
INSERT INTO readings SELECT i, i % 7, i FROM generate_series(1, 500) i;
REFRESH MATERIALIZED VIEW sums;
