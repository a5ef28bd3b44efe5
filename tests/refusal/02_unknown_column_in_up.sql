-- segue: up users.full_name = frist_name || last_name
ALTER TABLE users ADD COLUMN full_name text;
-- line: 1
-- expect: frist_name
