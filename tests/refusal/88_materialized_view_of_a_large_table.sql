CREATE MATERIALIZED VIEW large_lines AS SELECT DISTINCT line FROM large;
-- line: 1
-- expect: CREATE MATERIALIZED VIEW reads all of table "large" while nobody can use the tables that change
-- expect: WITH NO DATA
