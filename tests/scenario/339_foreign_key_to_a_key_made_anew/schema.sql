CREATE TABLE places (id bigint CONSTRAINT places_key PRIMARY KEY, number integer NOT NULL, within bigint);
CREATE TABLE visits (id bigint PRIMARY KEY, place bigint CONSTRAINT visits_place REFERENCES places (id), code integer);
CREATE TABLE notes (id bigint PRIMARY KEY, place bigint);
ALTER TABLE places ADD CONSTRAINT places_number UNIQUE (number);
INSERT INTO places SELECT i, i, i / 2 FROM generate_series(1, 100) i;
UPDATE places SET within = NULL WHERE within = 0;
INSERT INTO visits SELECT i, 1 + i % 100, 1 + i % 100 FROM generate_series(1, 300) i;
INSERT INTO notes SELECT i, 1 + i % 100 FROM generate_series(1, 300) i;
