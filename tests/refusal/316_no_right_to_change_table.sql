-- as: app_login
-- expect: may not change table "users"
ALTER TABLE users ADD COLUMN a integer;
