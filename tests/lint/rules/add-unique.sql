--: bad
ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE (code);
--: good
CREATE UNIQUE INDEX CONCURRENTLY orders_code_key ON orders (code);
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key;
