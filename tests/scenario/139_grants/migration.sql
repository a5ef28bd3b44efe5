-- segue: up people.name = first_name || ' ' || last_name
-- segue: down people.first_name = split_part(name, ' ', 1)
-- segue: down people.last_name = substr(name, strpos(name, ' ') + 1)
ALTER TABLE people ADD COLUMN name text NOT NULL;
ALTER TABLE people DROP COLUMN first_name, DROP COLUMN last_name;
GRANT SELECT (name), UPDATE (name) ON people TO app_reader;
GRANT INSERT, DELETE ON TABLE public.people, notes TO app_reader WITH GRANT OPTION;
REVOKE UPDATE ON notes FROM app_reader;
CREATE OR REPLACE VIEW births AS SELECT id, born, name FROM people;
CREATE VIEW named AS SELECT name FROM people;
GRANT SELECT ON named TO app_reader;
GRANT USAGE ON SEQUENCE numbers TO app_reader;
REVOKE EXECUTE ON FUNCTION hello() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hello() TO app_reader;
GRANT USAGE ON SCHEMA public TO app_reader;
CREATE FUNCTION secret(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x';
REVOKE ALL ON FUNCTION secret(integer) FROM PUBLIC;
CREATE TABLE visits (id bigint PRIMARY KEY, at date);
GRANT SELECT, INSERT ON visits TO app_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_reader;
