-- line: 6
-- expect: operator does not exist: text > bigint
-- expect: add it below this statement instead
ALTER TABLE users ADD CHECK (big > '5');
-- segue: down users.big = 6
ALTER TABLE users ALTER COLUMN big TYPE text;
