-- segue: allow table-rewrite because it is small
-- expect: a text in double quotes is missing
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
