BEGIN;
ALTER TABLE teams ADD COLUMN slogan text;
ROLLBACK;
-- line: 3
-- expect: ROLLBACK
