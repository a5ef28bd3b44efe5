-- segue: allow because "it is small"
-- expect: the rule that is allowed is missing
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
