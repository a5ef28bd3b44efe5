--: before
CREATE SCHEMA shop;
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders SET SCHEMA shop;
--: good
SET lock_timeout = '100ms';
BEGIN;
ALTER TABLE orders SET SCHEMA shop;
CREATE VIEW public.orders AS SELECT * FROM shop.orders;
COMMIT;
--: application
SELECT id, amount FROM orders WHERE id = 1;
