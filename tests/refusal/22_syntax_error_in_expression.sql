-- segue: up users.full_name = first_name || (last_name
ALTER TABLE users ADD COLUMN full_name text;
-- line: 1
-- expect: syntax error
