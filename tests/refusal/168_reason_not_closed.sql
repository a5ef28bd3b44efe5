-- segue: allow table-rewrite because "it is small
-- expect: the quoted text is not closed
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
