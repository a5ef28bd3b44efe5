-- segue: existing users.age = 1
-- expect: existing is for a new column
ALTER TABLE users ALTER COLUMN age SET NOT NULL;
