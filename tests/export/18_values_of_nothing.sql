-- segue: up users.full_name = name
ALTER TABLE users ALTER COLUMN full_name DROP NOT NULL;
-- expect: no change of the file takes the values of column "full_name"
