-- A statement that cannot be read does not silence the rest.
-- expect: 7 error unreadable
-- expect: 8 error set-not-null
-- expect: 8 warning no-lock-timeout
-- arguments: --schema-file tests/lint/postgres-locks-base.sql
SELECT 'a;b' AS "c;d", $x$ e;f $x$ /* g;h */;
ALTER TABEL orders ADD COLUMN x int;
ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;
