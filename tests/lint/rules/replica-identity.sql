--: before
CREATE PUBLICATION orders_publication FOR TABLE orders;
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders REPLICA IDENTITY NOTHING;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_pkey;
--: application
UPDATE orders SET note = 'changed' WHERE id = 1;
