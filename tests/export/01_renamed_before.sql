ALTER TABLE people RENAME TO users;
-- segue: up users.full_name = name
ALTER TABLE users ADD COLUMN full_name text;
-- expect: the values of column "full_name" are said of table "people" before it is renamed
