-- A child that demands more than its parent.
CREATE TABLE things (id integer PRIMARY KEY, size integer, label text);
CREATE TABLE heavy (PRIMARY KEY (id), extra integer) INHERITS (things);
ALTER TABLE heavy ALTER COLUMN size SET NOT NULL;
INSERT INTO things SELECT g, NULLIF(g % 5, 0), 'thing ' || g FROM generate_series(1, 200) g;
INSERT INTO heavy SELECT g, g % 5, 'heavy ' || g, g FROM generate_series(201, 400) g;
