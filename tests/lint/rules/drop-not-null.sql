--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders ALTER COLUMN customer_id DROP NOT NULL;
--: good
-- once every release that runs can read nulls
SET lock_timeout = '100ms';
-- segue: allow drop-not-null because "releases since 4.2 read nulls"
ALTER TABLE orders ALTER COLUMN customer_id DROP NOT NULL;
