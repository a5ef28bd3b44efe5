CREATE TABLE rates (id bigint PRIMARY KEY, amount integer NOT NULL);
CREATE VIEW amounts AS SELECT id, amount FROM rates;
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
INSERT INTO rates SELECT i, i FROM generate_series(1, 200) i;
