--: bad
DROP INDEX orders_amount;
--: good
DROP INDEX CONCURRENTLY orders_amount;
