--: bad
ALTER TABLE orders ADD COLUMN country text AFTER amount;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN country text;
