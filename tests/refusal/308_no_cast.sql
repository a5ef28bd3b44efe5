-- segue: down users.last_name = last_name::text
-- expect: cannot be cast automatically from text to integer
ALTER TABLE users ALTER COLUMN last_name TYPE integer;
