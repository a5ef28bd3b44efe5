-- segue: up = 1
-- expect: a name is missing
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
