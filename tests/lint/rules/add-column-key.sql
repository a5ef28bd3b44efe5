--: bad
ALTER TABLE orders ADD COLUMN reference text UNIQUE;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN reference text;
SET lock_timeout = 0;
CREATE UNIQUE INDEX CONCURRENTLY orders_reference_key ON orders (reference);
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT orders_reference_key UNIQUE USING INDEX orders_reference_key;
