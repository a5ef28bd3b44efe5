CREATE TABLE rooms (
    house integer,
    number integer,
    beds integer NOT NULL,
    PRIMARY KEY (house, number)
);
CREATE TABLE bookings (
    id bigint PRIMARY KEY,
    number integer,
    house integer
);
INSERT INTO rooms SELECT h, n, 1 + n % 3 FROM generate_series(1, 10) h, generate_series(1, 30) n;
INSERT INTO bookings SELECT i, 1 + i % 30, 1 + i % 10 FROM generate_series(1, 600) i;
