ALTER TABLE teams ADD COLUMN slogan text;
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
-- line: 2
-- expect: full_name
-- expect: -- segue: up users.full_name =
