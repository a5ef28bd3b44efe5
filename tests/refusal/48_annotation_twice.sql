-- segue: up users.full_name = first_name
-- segue: up users.full_name = last_name
ALTER TABLE users ADD COLUMN full_name text;
-- line: 2
-- expect: full_name
