CREATE TABLE domains (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    zone text NOT NULL,
    serial_no integer
);
INSERT INTO domains SELECT i, 'host' || i, 'zone' || i % 10, i FROM generate_series(1, 900) i;
