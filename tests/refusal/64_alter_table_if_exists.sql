ALTER TABLE IF EXISTS users ADD COLUMN x text;
-- line: 1
-- expect: IF EXISTS
