-- segue: up users.full_name = name
ALTER TABLE users RENAME COLUMN name TO label;
ALTER TABLE users ADD COLUMN full_name text;
-- expect: the values of column "full_name" are made of column "name", which the file changes above
