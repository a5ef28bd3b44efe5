CREATE TABLE stock (sku text PRIMARY KEY, n integer NOT NULL, place text);
INSERT INTO stock SELECT 'sku' || i, i % 50, 'shelf ' || i FROM generate_series(1, 700) AS i;
