CREATE UNIQUE INDEX nick_once ON users (nick);
-- expect: nick
