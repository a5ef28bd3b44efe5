--: before
INSERT INTO customers (id, name) VALUES (5000, 'without an order');
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
-- what the application does later on
DELETE FROM customers WHERE id = 5000;
--: good
CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
DELETE FROM customers WHERE id = 5000;
