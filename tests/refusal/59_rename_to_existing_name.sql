ALTER TABLE users RENAME COLUMN email TO nick;
-- line: 1
-- expect: nick
-- expect: exists
