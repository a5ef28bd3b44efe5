ALTER TABLE users ADD COLUMN mail text;
UPDATE users SET mail = name || '@example.com';
-- expect: whether rows of table "users" have been changed cannot be told
