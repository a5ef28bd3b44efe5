CREATE TABLE shops (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO shops SELECT i, 's' || i FROM generate_series(1, 50) AS i;
ANALYZE;
