-- segue: up users.headline = upper(nick)
-- segue: down users.nick = lower(headline)
ALTER TABLE users ADD COLUMN headline text;
-- line: 2
-- expect: nick
