--: bad
-- segue: allow create-index because "the table has ten rows"
CREATE INDEX CONCURRENTLY orders_code ON orders (code);
--: good
CREATE INDEX CONCURRENTLY orders_code ON orders (code);
