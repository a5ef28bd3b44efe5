ALTER TABLE users DROP COLUMN first_name;
-- line: 1
-- expect: first_name
-- expect: -- segue: down users.first_name =
