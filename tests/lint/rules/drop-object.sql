--: before
CREATE VIEW big_orders AS SELECT id, amount FROM orders WHERE amount > 500;
--: bad
DROP VIEW big_orders;
--: good
-- once no release that runs reads it
-- segue: allow drop-object because "no release since 4.2 reads it"
DROP VIEW big_orders;
--: application
SELECT id FROM big_orders LIMIT 1;
--: application of good
SELECT id FROM orders WHERE amount > 500 LIMIT 1;
