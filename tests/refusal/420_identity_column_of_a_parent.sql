-- psql says the same; a serial column is taken over by the tables below.
ALTER TABLE parents ADD COLUMN place integer GENERATED ALWAYS AS IDENTITY;
-- expect: cannot recursively add identity column to table that has child tables
-- expect: serial
-- line: 2
