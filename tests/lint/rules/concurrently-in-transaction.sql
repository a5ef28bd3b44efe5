--: bad
BEGIN;
CREATE INDEX CONCURRENTLY orders_code ON orders (code);
COMMIT;
--: good
CREATE INDEX CONCURRENTLY orders_code ON orders (code);
