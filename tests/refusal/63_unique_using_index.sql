CREATE UNIQUE INDEX users_big ON users (big);
ALTER TABLE users ADD CONSTRAINT big_once UNIQUE USING INDEX users_big;
-- line: 2
-- expect: USING INDEX
