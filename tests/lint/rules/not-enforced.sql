-- The form came with PostgreSQL 18; the server that this page was made with does not know it.
--: arguments --pg-version 18
--: bad
ALTER TABLE orders ADD CONSTRAINT amount_positive CHECK (amount > 0) NOT ENFORCED;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD CONSTRAINT amount_positive CHECK (amount > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT amount_positive;
