--: bad
CREATE INDEX orders_code ON orders (code);
--: good
CREATE INDEX CONCURRENTLY orders_code ON orders (code);
