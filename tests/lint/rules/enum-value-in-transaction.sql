--: before
CREATE TYPE mood AS ENUM ('calm');
ALTER TABLE customers ADD COLUMN mood mood;
--: bad
BEGIN;
ALTER TYPE mood ADD VALUE 'merry';
UPDATE customers SET mood = 'merry' WHERE id = 1;
COMMIT;
--: good
ALTER TYPE mood ADD VALUE 'merry';
UPDATE customers SET mood = 'merry' WHERE id = 1;
