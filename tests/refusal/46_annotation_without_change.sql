-- segue: up users.email = lower(email)
ALTER TABLE teams ADD COLUMN slogan text;
-- line: 1
-- expect: users.email
