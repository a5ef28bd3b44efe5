--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders RENAME TO purchases;
--: good
SET lock_timeout = '100ms';
BEGIN;
ALTER TABLE orders RENAME TO purchases;
CREATE VIEW orders AS SELECT * FROM purchases;
COMMIT;
--: application
SELECT id, amount FROM orders WHERE id = 1;
