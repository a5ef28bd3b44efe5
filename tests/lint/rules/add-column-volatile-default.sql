--: bad
ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();
-- in batches, until no row is left
UPDATE orders SET token = gen_random_uuid() WHERE id BETWEEN 1 AND 100 AND token IS NULL;
