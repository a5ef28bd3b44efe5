ALTER TABLE users ADD COLUMN email text;
-- line: 1
-- expect: email
-- expect: exists
