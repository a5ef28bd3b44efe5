--: bad
CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id));
--: good
CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint NOT NULL);
CREATE INDEX payments_order ON payments (order_id);
SET lock_timeout = '100ms';
ALTER TABLE payments ADD CONSTRAINT payments_order_fkey FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID;
