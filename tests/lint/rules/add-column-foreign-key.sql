--: bad
ALTER TABLE orders ADD COLUMN payer_id bigint DEFAULT 1 REFERENCES customers (id);
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN payer_id bigint DEFAULT 1;
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY orders_payer ON orders (payer_id);
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT orders_payer_fkey FOREIGN KEY (payer_id) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_payer_fkey;
