-- Large enough for a vacuum of its own after the walk, and for the throttle.
CREATE TABLE readings (
    id bigint PRIMARY KEY,
    sensor text NOT NULL,
    value integer NOT NULL,
    note text
);
CREATE INDEX readings_by_value ON readings (value);
INSERT INTO readings
SELECT i, 'sensor ' || i % 97, i % 1000, CASE WHEN i % 3 = 0 THEN 'note ' || i END
FROM generate_series(1, 12000) AS i;
ANALYZE readings;
