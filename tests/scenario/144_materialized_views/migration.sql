DROP MATERIALIZED VIEW sums;
-- segue: down readings.value = value::integer
ALTER TABLE readings ALTER COLUMN value TYPE numeric;
CREATE MATERIALIZED VIEW sums AS SELECT sensor, sum(value) AS total, avg(value) AS mean FROM readings GROUP BY sensor;
CREATE UNIQUE INDEX sums_sensor ON sums (sensor);
CREATE INDEX ON sums (total) WHERE total > 10;
COMMENT ON MATERIALIZED VIEW sums IS 'by sensor';
COMMENT ON COLUMN sums.mean IS 'average';
CREATE MATERIALIZED VIEW later AS SELECT * FROM sums WITH NO DATA;
REFRESH MATERIALIZED VIEW sensors;
