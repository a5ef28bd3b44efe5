--: bad
SET lock_timeout = '100ms';
CREATE INDEX CONCURRENTLY orders_code ON orders (code);
--: good
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY orders_code ON orders (code);
