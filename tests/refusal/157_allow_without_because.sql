-- segue: allow table-rewrite "it is small"
-- expect: "because" is missing
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
