-- What is not a table: enums, domains, functions, views, triggers, policies, rights, sequences.
-- script: enum value
ALTER TYPE mood ADD VALUE 'glad';
-- script: enum value IF NOT EXISTS, AFTER
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad' AFTER 'fine';
-- script: enum value used in its own transaction
BEGIN;
ALTER TYPE mood ADD VALUE 'glad';
UPDATE customers SET feeling = 'glad' WHERE id = 9;
COMMIT;
-- script: enum value in a transaction of its own
BEGIN;
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad' BEFORE 'fine';
COMMIT;
-- script: enum value renamed
ALTER TYPE mood RENAME VALUE 'fine' TO 'well';
-- script: enum dropped
DROP TYPE mood CASCADE;
-- script: new enum
CREATE TYPE colour AS ENUM ('red', 'green');
-- script: type renamed
ALTER TYPE mood RENAME TO feeling;
-- script: type dropped while it is used
DROP TYPE address;
-- script: new composite type
CREATE TYPE place AS (x double precision, y double precision);
-- script: new domain
CREATE DOMAIN zip_code AS text;
-- script: new domain with a constraint
CREATE DOMAIN zip_code AS text CHECK (VALUE ~ '^\d+$');
-- script: new domain NOT NULL
CREATE DOMAIN zip_code AS text NOT NULL;
-- script: domain constraint
ALTER DOMAIN positive ADD CONSTRAINT not_too_large CHECK (VALUE < 1000000);
-- script: domain constraint NOT VALID
ALTER DOMAIN positive ADD CONSTRAINT not_too_large CHECK (VALUE < 1000000) NOT VALID;
-- script: domain constraint NOT VALID and validated
ALTER DOMAIN positive ADD CONSTRAINT not_too_large CHECK (VALUE < 1000000) NOT VALID;
ALTER DOMAIN positive VALIDATE CONSTRAINT not_too_large;
-- script: domain constraint on a domain that rows break
ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 10);
-- script: domain SET NOT NULL
ALTER DOMAIN plain_text SET NOT NULL;
-- script: domain constraint dropped
ALTER DOMAIN positive DROP CONSTRAINT positive_check;
-- script: domain default
ALTER DOMAIN plain_text SET DEFAULT 'none';
-- script: domain dropped
DROP DOMAIN plain_text CASCADE;
-- script: new function
CREATE FUNCTION tripled(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 3';
-- script: new function, dollar quotes
CREATE OR REPLACE FUNCTION greet() RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
    -- a semicolon; and a quote '
    RETURN 'hello;';
END;
$body$;
-- script: new function, BEGIN ATOMIC
CREATE FUNCTION tripled(n integer) RETURNS integer LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE WHEN n > 0 THEN n * 3 ELSE 0 END;
    SELECT n * 3;
END;
-- script: new procedure, BEGIN ATOMIC, and a column behind it
CREATE OR REPLACE PROCEDURE log_it(n integer) LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO parameters (key, value) VALUES ('logged', n::text);
END;
ALTER TABLE orders ADD COLUMN dice double precision DEFAULT random();
-- script: SECURITY DEFINER
CREATE FUNCTION secret() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM orders';
-- script: SECURITY DEFINER with a search_path
CREATE FUNCTION secret() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1::bigint';
-- script: function replaced
CREATE OR REPLACE FUNCTION draw() RETURNS integer LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 8; END';
-- script: function dropped
DROP FUNCTION draw();
-- script: function dropped while a trigger needs it
DROP FUNCTION touch();
-- script: function renamed
ALTER FUNCTION settled() RENAME TO done;
-- script: new view
CREATE VIEW late_orders AS SELECT id FROM orders WHERE state = 'late';
-- script: view replaced with one more column
CREATE OR REPLACE VIEW open_orders AS SELECT id, customer_id, amount, note FROM orders WHERE state = 'open';
-- script: view replaced with one column less
CREATE OR REPLACE VIEW open_orders AS SELECT id, customer_id FROM orders WHERE state = 'open';
-- script: view dropped
DROP VIEW open_orders;
-- script: view dropped and made anew
BEGIN;
DROP VIEW open_orders;
CREATE VIEW open_orders AS SELECT id, amount FROM orders WHERE state = 'open';
GRANT SELECT ON open_orders TO shop_app;
COMMIT;
-- script: view security_invoker
ALTER VIEW open_orders SET (security_invoker = true);
-- script: new trigger
CREATE TRIGGER reviews_touch BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION touch();
-- script: new trigger, lock_timeout set
SET lock_timeout = '200ms';
CREATE OR REPLACE TRIGGER reviews_touch BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION touch();
-- script: trigger dropped
DROP TRIGGER orders_touch ON orders;
-- script: trigger disabled
ALTER TABLE orders DISABLE TRIGGER orders_touch;
-- script: all triggers disabled
ALTER TABLE order_lines DISABLE TRIGGER ALL;
-- script: trigger enabled
ALTER TABLE orders ENABLE TRIGGER orders_touch;
-- script: trigger renamed
ALTER TRIGGER orders_touch ON orders RENAME TO touch_orders;
-- script: event trigger
CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER on_ddl ON ddl_command_end EXECUTE FUNCTION told();
-- script: rule
CREATE RULE no_deletes AS ON DELETE TO reviews DO INSTEAD NOTHING;
-- script: rule of two statements
CREATE RULE both AS ON INSERT TO reviews DO ALSO (SELECT 1; SELECT 2);
-- script: row security without a policy
ALTER TABLE parameters ENABLE ROW LEVEL SECURITY;
-- script: row security with a policy in the same transaction
BEGIN;
CREATE POLICY all_rows ON parameters USING (true);
ALTER TABLE parameters ENABLE ROW LEVEL SECURITY;
COMMIT;
-- script: policy
CREATE POLICY own_rows ON reviews USING (id > 0);
-- script: policy that shows nothing
BEGIN;
CREATE POLICY own_rows ON reviews USING (false);
ALTER TABLE reviews ENABLE ROW LEVEL SECURITY;
COMMIT;
-- script: grant
GRANT SELECT ON orders TO shop_other;
-- script: revoke
REVOKE INSERT ON orders FROM shop_app;
-- script: revoke of everything
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM shop_app;
-- script: revoke of a schema
REVOKE USAGE ON SCHEMA reporting FROM shop_app;
-- script: owner of a table
ALTER TABLE orders OWNER TO shop_other;
-- script: new sequence
CREATE SEQUENCE IF NOT EXISTS receipt_numbers;
-- script: sequence restarted
ALTER SEQUENCE invoice_numbers RESTART WITH 500;
-- script: sequence with an end
ALTER SEQUENCE invoice_numbers MAXVALUE 1000000;
-- script: sequence dropped
DROP SEQUENCE invoice_numbers;
-- script: setval
SELECT setval('invoice_numbers', 1000);
-- script: schema dropped
DROP SCHEMA reporting CASCADE;
-- script: schema dropped that is not empty
DROP SCHEMA reporting;
-- script: new schema
CREATE SCHEMA IF NOT EXISTS archive;
-- script: replica identity full
ALTER TABLE orders REPLICA IDENTITY FULL;
-- script: replica identity by an index
ALTER TABLE customers REPLICA IDENTITY USING INDEX customers_email;
-- script: publication
CREATE PUBLICATION orders_out FOR TABLE orders;
-- script: extension that is not there
CREATE EXTENSION IF NOT EXISTS not_an_extension;
-- script: drop database that is not there
DROP DATABASE IF EXISTS not_a_database;
-- script: drop database within a transaction
BEGIN;
DROP DATABASE IF EXISTS not_a_database;
COMMIT;
-- script: role setting
ALTER ROLE shop_app SET statement_timeout = '30s';
-- script: default privileges
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO shop_other;
-- script: drop owned
DROP OWNED BY shop_app;
