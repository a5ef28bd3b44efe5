-- segue: upp users.full_name = first_name
ALTER TABLE users ADD COLUMN full_name text;
-- line: 1
-- expect: upp
-- expect: up
