ALTER TABLE users ADD COLUMN x text;
VACUUM users;
-- line: 2
-- expect: VACUUM does not belong in a migration: it cannot run in a transaction
