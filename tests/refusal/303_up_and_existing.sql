-- segue: up users.a = age
-- segue: existing users.a = 1
-- expect: has both up and existing
ALTER TABLE users ADD COLUMN a integer;
