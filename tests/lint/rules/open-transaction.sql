--: bad
BEGIN;
INSERT INTO customers (id, name) VALUES (3000, 'somebody');
--: good
BEGIN;
INSERT INTO customers (id, name) VALUES (3000, 'somebody');
COMMIT;
--: application
SELECT 1 / count(*) AS "the row is there" FROM customers WHERE id = 3000;
