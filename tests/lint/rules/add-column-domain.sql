--: before
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
--: bad
ALTER TABLE orders ADD COLUMN pieces positive;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN pieces integer;
ALTER TABLE orders ADD CONSTRAINT pieces_positive CHECK (pieces > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT pieces_positive;
