CREATE TABLE jobs (
    id bigint PRIMARY KEY,
    state text NOT NULL,
    priority integer NOT NULL
);
CREATE FUNCTION urgent(j jobs) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT $1.priority > 5';
CREATE FUNCTION top() RETURNS integer LANGUAGE sql STABLE BEGIN ATOMIC SELECT max(priority) FROM jobs; END;
CREATE PROCEDURE raise_all() LANGUAGE sql BEGIN ATOMIC UPDATE jobs SET priority = priority + 1 WHERE id < 0; END;
CREATE FUNCTION states() RETURNS SETOF text LANGUAGE sql STABLE BEGIN ATOMIC SELECT DISTINCT state FROM jobs; END;
INSERT INTO jobs SELECT i, 's' || i % 3, i % 9 FROM generate_series(1, 300) i;
