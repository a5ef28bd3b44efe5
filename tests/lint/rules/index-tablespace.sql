--: bad
ALTER INDEX orders_amount SET TABLESPACE other_disk;
--: good
CREATE INDEX CONCURRENTLY orders_amount_there ON orders (amount) TABLESPACE other_disk;
DROP INDEX CONCURRENTLY orders_amount;
