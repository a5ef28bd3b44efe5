--: bad
ALTER TABLE orders ADD COLUMN number bigserial;
--: good
SET lock_timeout = '100ms';
CREATE SEQUENCE orders_number_seq;
ALTER TABLE orders ADD COLUMN number bigint;
ALTER TABLE orders ALTER COLUMN number SET DEFAULT nextval('orders_number_seq');
-- in batches, until no row is left
UPDATE orders SET number = nextval('orders_number_seq') WHERE id BETWEEN 1 AND 100 AND number IS NULL;
ALTER SEQUENCE orders_number_seq OWNED BY orders.number;
