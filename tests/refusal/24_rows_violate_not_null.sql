ALTER TABLE users ALTER COLUMN email SET NOT NULL;
-- expect: users.email
-- expect: 6
-- expect: 50
