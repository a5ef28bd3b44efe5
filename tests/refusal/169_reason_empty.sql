-- segue: allow table-rewrite because ""
-- expect: the quoted text is empty
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
