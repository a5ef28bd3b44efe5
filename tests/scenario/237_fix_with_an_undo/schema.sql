CREATE TABLE stock (sku text PRIMARY KEY, n integer NOT NULL, place text);
INSERT INTO stock SELECT 'sku' || i, i % 50, 'shelf ' || i FROM generate_series(1, 700) AS i;
CREATE TABLE quiet (id integer PRIMARY KEY, note text); -- for traffic whose rows nothing else changes
INSERT INTO quiet SELECT i, 'n' FROM generate_series(1, 100) AS i;
