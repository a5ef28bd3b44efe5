-- `NOT VALID` and `VALIDATE` are as they should be; what is wrong is the CHECK. A day later the same row cannot be changed any more.
--: before
ALTER TABLE orders ADD COLUMN placed timestamptz NOT NULL DEFAULT now();
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT placed_lately CHECK (placed > now() - interval '1 day') NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT placed_lately;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT placed_in_this_century CHECK (placed > '2000-01-01') NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT placed_in_this_century;
