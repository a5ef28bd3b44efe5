ALTER TABLE users DROP CONSTRAINT no_such_rule;
-- line: 1
-- expect: no_such_rule
