ALTER TABLE users DROP COLUMN nick;
-- line: 1
-- expect: user_names
