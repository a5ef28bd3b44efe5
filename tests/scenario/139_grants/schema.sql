CREATE TABLE people (
    id bigint PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    born date
);
CREATE TABLE notes (id bigint PRIMARY KEY, body text);
CREATE SEQUENCE numbers;
CREATE VIEW births AS SELECT id, born FROM people;
CREATE FUNCTION hello() RETURNS text LANGUAGE sql AS 'SELECT ''hello''';
GRANT SELECT (id, born) ON people TO app_reader;
GRANT UPDATE ON notes TO app_reader;
GRANT SELECT ON births TO app_reader;
INSERT INTO people SELECT i, 'A' || i, 'B' || i, date '2000-01-01' + i FROM generate_series(1, 300) i;
INSERT INTO notes SELECT i, 'note' FROM generate_series(1, 300) i;
