CREATE TABLE devices (
    id bigint PRIMARY KEY,
    label text
);
INSERT INTO devices SELECT i, 'device ' || i FROM generate_series(1, 700) i;
