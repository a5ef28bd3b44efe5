BEGIN;
ALTER TABLE teams ADD COLUMN slogan text;
COMMIT;
-- line: 1
-- expect: BEGIN
