--: before
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id);
--: bad
ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;
--: good
SET lock_timeout = '100ms';
-- segue: allow drop-foreign-key because "a short lock_timeout, and the tool tries again"
ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;
