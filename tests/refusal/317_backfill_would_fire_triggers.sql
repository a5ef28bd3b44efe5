-- as: app_login
-- segue: up watched.a = id::text
-- expect: may not silence them
ALTER TABLE watched ADD COLUMN a text;
