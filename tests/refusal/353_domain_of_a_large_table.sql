ALTER DOMAIN line_mark ADD CONSTRAINT above CHECK (VALUE > 0);
-- line: 1
-- expect: ALTER DOMAIN reads all of table "large" while nobody can write it
-- expect: allow table-rewrite
