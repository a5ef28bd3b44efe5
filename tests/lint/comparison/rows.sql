-- Rows written by a migration.
-- script: UPDATE of all rows
UPDATE orders SET note = 'none';
-- script: UPDATE of all rows, WHERE true
UPDATE orders SET note = 'none' WHERE true;
-- script: UPDATE of all rows by a condition that all meet
UPDATE orders SET note = 'none' WHERE amount >= 0;
-- script: UPDATE of one row
UPDATE orders SET note = 'none' WHERE id = 7;
-- script: UPDATE of a range of keys
UPDATE orders SET note = 'none' WHERE id BETWEEN 1 AND 100;
-- script: UPDATE FROM
UPDATE orders SET note = c.name FROM customers c WHERE c.id = orders.customer_id;
-- script: UPDATE of a small table
UPDATE parameters SET value = 'new' WHERE key = 'key 1';
-- script: UPDATE of the same column twice
UPDATE orders SET note = 'a', note = 'b' WHERE id = 7;
-- script: INSERT of the same column twice
INSERT INTO parameters (key, key) VALUES ('a', 'b');
-- script: CREATE TABLE with the same column twice
CREATE TABLE IF NOT EXISTS twice (a bigint, a bigint);
-- script: CREATE VIEW with the same column twice
CREATE VIEW twice AS SELECT id AS a, amount AS a FROM orders;
-- script: UPDATE SET (a, a)
UPDATE orders SET (note, note) = ('a', 'b') WHERE id = 7;
-- script: UPDATE of two elements of one array
CREATE TABLE IF NOT EXISTS arrays (a bigint[]);
UPDATE arrays SET a[1] = 1, a[2] = 2 WHERE a IS NULL;
-- script: DELETE of all rows
DELETE FROM reviews;
-- script: DELETE of one row
DELETE FROM reviews WHERE id = -1;
-- script: DELETE that cascades
DELETE FROM orders;
-- script: INSERT of a row
INSERT INTO parameters (key, value) VALUES ('a', 'b');
-- script: INSERT by position
INSERT INTO parameters VALUES ('a', 'b');
-- script: INSERT of many rows from a query
INSERT INTO reviews (id, product_id, stars, body) SELECT id, product_id, stars, body FROM reviews;
-- script: INSERT ON CONFLICT
INSERT INTO products (id, sku, title) VALUES (1, 'sku1', 'x') ON CONFLICT (id) DO NOTHING;
-- script: INSERT of what is missing
INSERT INTO orders (customer_id) VALUES (7);
-- script: SELECT
SELECT id FROM orders WHERE id = 7;
-- script: SELECT FOR UPDATE of all rows
BEGIN;
SELECT id FROM orders FOR UPDATE;
COMMIT;
-- script: WITH and UPDATE of all rows
WITH gone AS (SELECT 1) UPDATE reviews SET body = 'none';
-- script: WITH that deletes all rows
WITH gone AS (DELETE FROM reviews RETURNING id) SELECT count(*) FROM gone;
-- script: UPDATE of a table that this file makes
CREATE TABLE IF NOT EXISTS fresh (a bigint, b bigint);
INSERT INTO fresh (a) VALUES (1);
UPDATE fresh SET b = a;
-- script: MERGE
MERGE INTO products p USING (VALUES (1, 'x')) v (id, title) ON p.id = v.id WHEN MATCHED THEN UPDATE SET title = v.title;
-- script: MERGE that assigns twice
MERGE INTO products p USING (VALUES (1, 'x')) v (id, title) ON p.id = v.id WHEN MATCHED THEN UPDATE SET title = v.title, title = 'y';
