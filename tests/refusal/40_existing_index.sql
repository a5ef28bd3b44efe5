CREATE INDEX users_pkey ON users (nick);
-- line: 1
-- expect: users_pkey
-- expect: exists
