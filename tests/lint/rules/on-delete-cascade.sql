--: before
CREATE INDEX orders_customer ON orders (customer_id);
UPDATE orders SET customer_id = 1;
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE NOT VALID;
-- what the application does later on
DELETE FROM customers WHERE id = 1;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT NOT VALID;
