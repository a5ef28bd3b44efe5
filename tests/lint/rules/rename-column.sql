--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders RENAME COLUMN amount TO cents;
--: good
SET lock_timeout = '100ms';
CREATE VIEW orders_in_cents AS SELECT id, customer_id, amount AS cents, code, note FROM orders;
--: application
SELECT id, amount FROM orders WHERE id = 1;
