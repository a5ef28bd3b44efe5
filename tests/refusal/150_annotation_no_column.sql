-- segue: up users = 1
-- expect: is not a column of a table
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
