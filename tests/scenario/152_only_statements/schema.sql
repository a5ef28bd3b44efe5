CREATE TABLE cities (id bigint PRIMARY KEY, name text NOT NULL);
CREATE VIEW big AS SELECT id FROM cities WHERE id > 10;
CREATE FUNCTION greet(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''hello '' || $1';
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER nothing BEFORE UPDATE ON cities FOR EACH ROW EXECUTE FUNCTION nothing();
INSERT INTO cities SELECT i, 'c' || i FROM generate_series(1, 200) i;
