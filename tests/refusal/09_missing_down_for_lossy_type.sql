ALTER TABLE users ALTER COLUMN nick TYPE integer USING length(nick);
-- line: 1
-- expect: nick
-- expect: -- segue: down users.nick =
