-- The natural key goes; rows and their children get a made-up one.
CREATE TABLE countries (
    code text PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE cities (
    id bigint PRIMARY KEY,
    country text NOT NULL CONSTRAINT city_country REFERENCES countries ON UPDATE CASCADE,
    name text
);
INSERT INTO countries SELECT 'C' || i, 'country ' || i FROM generate_series(1, 200) i;
INSERT INTO cities SELECT i, 'C' || 1 + i % 200, 'city ' || i FROM generate_series(1, 1500) i;
