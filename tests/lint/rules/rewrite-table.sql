--: bad
VACUUM FULL orders;
CLUSTER orders USING orders_amount;
ALTER TABLE orders SET UNLOGGED;
--: good
VACUUM orders;
