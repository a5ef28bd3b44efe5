CREATE TABLE areas (id bigint PRIMARY KEY, part integer, n integer);
CREATE INDEX areas_n ON areas (n);
CREATE TABLE kept (id bigint PRIMARY KEY, part integer);
CREATE INDEX kept_part ON kept (part);
CREATE VIEW parts AS SELECT id, part FROM kept;
CREATE MATERIALIZED VIEW sums AS SELECT sum(part) AS sum FROM kept;
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
INSERT INTO areas SELECT i, i % 7, i FROM generate_series(1, 100) i;
INSERT INTO kept SELECT i, i % 7 FROM generate_series(1, 100) i;
