-- segue: allow table-rewrite because "it is small" always
-- expect: stands behind the reason
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
