CREATE TABLE measurements (
    sensor integer NOT NULL,
    value double precision
);
INSERT INTO measurements SELECT i % 50, i / 4.0 FROM generate_series(1, 3000) i;
