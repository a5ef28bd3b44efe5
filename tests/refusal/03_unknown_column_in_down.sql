-- segue: up users.full_name = first_name
-- segue: down users.first_name = split_part(ful_name, ' ', 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first_name;
-- line: 2
-- expect: ful_name
