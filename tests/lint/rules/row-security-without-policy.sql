--: before
GRANT SELECT ON orders TO app_reader;
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
--: good
SET lock_timeout = '100ms';
BEGIN;
CREATE POLICY all_rows ON orders USING (true);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
COMMIT;
--: application app_reader
SELECT 1 / count(*) AS "rows are there" FROM orders;
