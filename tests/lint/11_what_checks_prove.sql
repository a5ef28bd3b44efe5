-- arguments: --pg-version 15 --schema-file tests/lint/rules/base.sql
-- expect: 11 error set-not-null
-- expect: 14 error set-not-null
-- expect: 18 error set-not-null
-- expect: 20 error add-check
-- expect: 21 error set-not-null
-- expect: 24 warning lock-timeout-off
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT two_there CHECK (amount IS NOT NULL AND code IS NOT NULL) NOT VALID;
-- not yet
ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;
ALTER TABLE orders ALTER COLUMN amount DROP NOT NULL; -- segue: allow drop-not-null because "a test"
ALTER TABLE orders VALIDATE CONSTRAINT two_there;
ALTER TABLE orders ALTER COLUMN amount SET NOT NULL, ALTER COLUMN code SET NOT NULL, ALTER COLUMN note SET NOT NULL;
-- either is not both
ALTER TABLE customers ADD CONSTRAINT one CHECK (email IS NOT NULL OR name IS NOT NULL) NOT VALID;
ALTER TABLE customers VALIDATE CONSTRAINT one;
ALTER TABLE customers ALTER COLUMN email SET NOT NULL;
ALTER TABLE customers ALTER COLUMN email DROP NOT NULL; -- segue: allow drop-not-null because "a test"
ALTER TABLE customers ADD CONSTRAINT quoted CHECK (name <> 'a and email is not null and b');
ALTER TABLE customers ALTER COLUMN email SET NOT NULL;
SET lock_timeout = 0;
CREATE UNIQUE INDEX CONCURRENTLY orders_code ON orders (code);
ALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE USING INDEX orders_code;
-- expect: 9 note not-repeatable
