ALTER TABLE users ADD COLUMN x text;
CREATE VIEW wrong AS SELECT id, y FROM users;
-- line: 2
-- column: 33
-- expect: column "y" does not exist
