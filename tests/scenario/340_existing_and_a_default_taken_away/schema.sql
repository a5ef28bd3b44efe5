CREATE TABLE bookings (id bigint PRIMARY KEY, guest text);
INSERT INTO bookings SELECT i, 'guest ' || i FROM generate_series(1, 200) i;
