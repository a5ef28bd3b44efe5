-- Here a build that failed has left an invalid index. The bad script says that all is well; no query uses the index.
--: before
INSERT INTO orders (id, customer_id, code) VALUES (2000, 1, 'code 1');
--: broken
CREATE UNIQUE INDEX CONCURRENTLY orders_code ON orders (code);
--: bad
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_code ON orders (code);
--: good
DROP INDEX CONCURRENTLY IF EXISTS orders_code;
CREATE INDEX CONCURRENTLY orders_code ON orders (code);
--: application
SELECT 1 / count(*) AS "the index is valid" FROM pg_index WHERE indexrelid = 'orders_code'::regclass AND indisvalid;
