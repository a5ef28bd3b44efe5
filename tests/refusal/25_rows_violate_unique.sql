ALTER TABLE users ADD CONSTRAINT nick_once UNIQUE (nick);
-- expect: nick
-- expect: 10
