-- Locks last until COMMIT.
-- arguments: --schema-file tests/lint/postgres-locks-base.sql --pg-version 15
-- expect: 9 error validate-in-same-transaction
-- expect: 10 warning work-under-lock
-- expect: 11 warning several-tables-locked
-- expect: 12 error concurrently-in-transaction
BEGIN; SET LOCAL lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT a_positive CHECK (a > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT a_positive;
UPDATE orders SET b = 0 WHERE b IS NULL;
ALTER TABLE customers ALTER COLUMN note SET DEFAULT '';
CREATE INDEX CONCURRENTLY orders_b ON orders (b);
COMMIT;
-- expect: 11 note change-default
