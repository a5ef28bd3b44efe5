-- What depends on it is told with `--url` only: views, foreign keys, policies, triggers, generated columns, and functions whose bodies
-- say its name.
--: database
--: before
CREATE VIEW large_orders AS SELECT id, amount FROM orders WHERE amount > 900;
--: bad
ALTER TABLE orders DROP COLUMN amount;
--: good
SET lock_timeout = '100ms';
BEGIN;
DROP VIEW large_orders;
ALTER TABLE orders DROP COLUMN amount;
CREATE VIEW large_orders AS SELECT id, 0 AS amount FROM orders WHERE false;
COMMIT;
