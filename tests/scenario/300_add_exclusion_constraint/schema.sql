CREATE TABLE bookings (
    id bigint PRIMARY KEY,
    room integer NOT NULL,
    nights int4range,
    "from" integer,
    "to" integer,
    state text NOT NULL DEFAULT 'open'
);
INSERT INTO bookings SELECT i, i % 10, int4range(i * 2, i * 2 + 2), i * 3, i * 3 + 2, CASE i % 7 WHEN 0 THEN 'cancelled' ELSE 'open' END
FROM generate_series(1, 400) i;
INSERT INTO bookings VALUES (401, 1, int4range(2, 9), 4, 8, 'cancelled'), (402, 1, NULL, NULL, NULL, 'cancelled');
CREATE TABLE seats (id integer PRIMARY KEY, row_name text, seat_no integer, note text);
INSERT INTO seats SELECT i, 'r' || i, i, NULL FROM generate_series(1, 50) i;
