--: bad
SET lock_timeout = '100ms';
DROP TABLE customers;
--: good
SET lock_timeout = '100ms';
-- segue: allow rename-table because "no release since 4.2 uses it"
ALTER TABLE customers RENAME TO customers_unused;
--: application
SELECT name FROM customers WHERE id = 1;
--: application of good
SELECT id FROM orders WHERE id = 1;
