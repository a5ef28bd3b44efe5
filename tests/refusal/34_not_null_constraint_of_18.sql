ALTER TABLE users ADD CONSTRAINT nick_not_null NOT NULL nick NOT VALID;
-- line: 1
-- expect: syntax error
