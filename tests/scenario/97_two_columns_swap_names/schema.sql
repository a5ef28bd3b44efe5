CREATE TABLE points (
    id bigint PRIMARY KEY,
    x integer NOT NULL,
    y integer
);
INSERT INTO points SELECT i, i, i * 2 FROM generate_series(1, 400) i;
