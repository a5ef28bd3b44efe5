CREATE VIEW nicks AS SELECT nick FROM users;
ALTER TABLE users RENAME COLUMN nick TO handle;
-- line: 1
-- expect: CREATE VIEW reads column "nick" of table "users", which the file renames below it
-- expect: below the RENAME COLUMN
