--: bad
-- segue: upp orders.country = 'FR'
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN country text;
--: good
-- segue: up orders.country = 'FR'
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN country text;
