CREATE TABLE bookings (
    id bigint NOT NULL,
    region text NOT NULL,
    room integer NOT NULL,
    code text NOT NULL,
    PRIMARY KEY (region, id)
) PARTITION BY LIST (region);
CREATE TABLE bookings_north PARTITION OF bookings FOR VALUES IN ('north') PARTITION BY HASH (id);
CREATE TABLE bookings_north_0 PARTITION OF bookings_north FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE bookings_north_1 PARTITION OF bookings_north FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE bookings_south PARTITION OF bookings FOR VALUES IN ('south');
CREATE TABLE bookings_rest PARTITION OF bookings DEFAULT;
CREATE INDEX bookings_room ON bookings (room);
INSERT INTO bookings
SELECT i, (ARRAY['north', 'south', 'east'])[1 + i % 3], i % 40, 'c' || i FROM generate_series(1, 600) AS i;
ANALYZE;
