ALTER TABLE users ADD COLUMN x txet;
-- line: 1
-- expect: txet
