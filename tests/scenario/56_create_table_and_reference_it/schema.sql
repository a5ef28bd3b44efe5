CREATE TABLE cities (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO cities SELECT i, 'city ' || i FROM generate_series(1, 400) i;
