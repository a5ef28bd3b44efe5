--: bad
BEGIN;
INSERT INTO customers (id, name) VALUES (2001, 'a');
BEGIN;
INSERT INTO customers (id, name) VALUES (2002, 'b');
COMMIT;
ROLLBACK;
--: good
BEGIN;
INSERT INTO customers (id, name) VALUES (2001, 'a');
SAVEPOINT b;
INSERT INTO customers (id, name) VALUES (2002, 'b');
RELEASE SAVEPOINT b;
ROLLBACK;
--: application
SELECT 1 / (1 - count(*)) AS "nothing is left behind" FROM customers WHERE id = 2001;
