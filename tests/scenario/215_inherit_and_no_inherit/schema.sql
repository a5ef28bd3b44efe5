CREATE TABLE notes (id bigint PRIMARY KEY, text text NOT NULL);
CREATE TABLE long_notes (pages integer, PRIMARY KEY (id)) INHERITS (notes);
CREATE TABLE other_notes (id bigint PRIMARY KEY, text text NOT NULL, colour text);
INSERT INTO notes SELECT i, 'n' || i FROM generate_series(1, 200) AS i;
INSERT INTO long_notes SELECT i, 'l' || i, 3 FROM generate_series(1001, 1200) AS i;
INSERT INTO other_notes SELECT i, 'o' || i, 'red' FROM generate_series(2001, 2200) AS i;
ANALYZE;
