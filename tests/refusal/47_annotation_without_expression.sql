-- segue: up users.full_name =
ALTER TABLE users ADD COLUMN full_name text;
-- line: 1
-- expect: full_name
