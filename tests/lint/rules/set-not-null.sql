--: bad
ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT amount_there CHECK (amount IS NOT NULL) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT amount_there;
ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT amount_there;
