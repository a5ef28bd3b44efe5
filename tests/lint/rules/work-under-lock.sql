--: bad
SET lock_timeout = '100ms';
BEGIN;
ALTER TABLE orders ADD COLUMN country text;
UPDATE orders SET country = 'FR' WHERE amount > 0;
COMMIT;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN country text;
-- in batches, a transaction each
UPDATE orders SET country = 'FR' WHERE id BETWEEN 1 AND 100 AND amount > 0;
