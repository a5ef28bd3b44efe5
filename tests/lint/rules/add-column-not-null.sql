--: bad
ALTER TABLE orders ADD COLUMN country text NOT NULL;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN country text NOT NULL DEFAULT 'FR';
