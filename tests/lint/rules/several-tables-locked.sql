--: bad
SET lock_timeout = '100ms';
BEGIN;
ALTER TABLE orders ADD COLUMN country text;
ALTER TABLE customers ADD COLUMN country text;
COMMIT;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN country text;
ALTER TABLE customers ADD COLUMN country text;
