-- segue: down users.last_name = a
-- expect: which has no up
ALTER TABLE users ADD COLUMN a text;
ALTER TABLE users DROP COLUMN last_name;
