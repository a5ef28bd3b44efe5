ALTER TABLE large SET UNLOGGED;
-- line: 1
-- expect: SET UNLOGGED rewrites table "large" while nobody can read or write it
-- expect: -- segue: allow table-rewrite because
