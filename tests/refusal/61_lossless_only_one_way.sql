ALTER TABLE users ALTER COLUMN big TYPE integer;
-- line: 1
-- expect: big
-- expect: -- segue: down users.big =
