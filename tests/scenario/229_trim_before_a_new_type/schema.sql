CREATE TABLE parts (id integer PRIMARY KEY, code text NOT NULL, label text);
INSERT INTO parts SELECT i, ' ' || i || ' ', 'part ' || i FROM generate_series(1, 700) AS i;
