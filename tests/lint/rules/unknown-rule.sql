--: bad
-- segue: allow create-indexx because "the table has ten rows"
CREATE INDEX CONCURRENTLY orders_code ON orders (code);
--: good
-- segue: allow create-index because "the table has ten rows"
CREATE INDEX orders_code ON orders (code);
