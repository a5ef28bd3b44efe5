-- segue: up user.full_name = first_name
ALTER TABLE users ADD COLUMN full_name text;
-- line: 1
-- expect: user
