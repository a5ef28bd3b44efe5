-- segue: down users.nick = nick::text
ALTER TABLE users ALTER COLUMN nick TYPE integer;
-- line: 2
-- expect: nick
