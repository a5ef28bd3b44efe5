-- Which rows are in the way is told with `--url` only: how many, and the keys of some.
--: database
--: before
UPDATE orders SET amount = NULL WHERE id IN (7, 70);
--: bad
ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;
--: good
SET lock_timeout = '100ms';
UPDATE orders SET amount = 0 WHERE amount IS NULL AND id BETWEEN 1 AND 1000;
ALTER TABLE orders ADD CONSTRAINT amount_there CHECK (amount IS NOT NULL) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT amount_there;
ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT amount_there;
