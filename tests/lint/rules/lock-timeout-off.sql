--: bad
SET lock_timeout = 0;
ALTER TABLE orders ADD COLUMN country text;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN country text;
