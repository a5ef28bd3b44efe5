-- The application's new release shows only orders that are paid. With the default every old order looks unpaid, whatever it was.
--: bad
ALTER TABLE orders ADD COLUMN status text NOT NULL DEFAULT 'unpaid';
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN status text;
-- in batches, until no row is left
UPDATE orders SET status = CASE WHEN amount > 500 THEN 'paid' ELSE 'unpaid' END
WHERE id BETWEEN 1 AND 100 AND status IS NULL;
ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'unpaid';
