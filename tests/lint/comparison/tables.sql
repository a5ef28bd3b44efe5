-- Tables as a whole: made, dropped, renamed, written anew, emptied, locked.
-- script: new table
CREATE TABLE IF NOT EXISTS invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric NOT NULL, made timestamptz NOT NULL DEFAULT now());
-- script: new table without IF NOT EXISTS
CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
-- script: new table with a check
CREATE TABLE IF NOT EXISTS invoices (id bigint PRIMARY KEY, total numeric CHECK (total >= 0));
-- script: new table that is there
CREATE TABLE orders (id bigint PRIMARY KEY);
-- script: new table as a copy
CREATE TABLE IF NOT EXISTS orders_copy (LIKE orders INCLUDING ALL);
-- script: new table of a query
CREATE TABLE orders_copy AS SELECT * FROM orders;
-- script: new table of a query without rows
CREATE TABLE IF NOT EXISTS orders_copy AS SELECT id, amount FROM orders WITH NO DATA;
-- script: SELECT INTO
SELECT id, amount INTO orders_copy FROM orders;
-- script: new table in another schema
CREATE TABLE IF NOT EXISTS reporting.weeks (week date PRIMARY KEY, total numeric);
-- script: new heir
CREATE TABLE IF NOT EXISTS guests (host text) INHERITS (people);
-- script: drop table
DROP TABLE parameters;
-- script: drop table IF EXISTS
DROP TABLE IF EXISTS reviews;
-- script: drop table, lock_timeout set
SET lock_timeout = '200ms';
DROP TABLE IF EXISTS reviews;
-- script: drop table CASCADE
DROP TABLE products CASCADE;
-- script: drop table that others refer to
DROP TABLE customers;
-- script: drop table with a foreign key of its own
DROP TABLE order_lines;
-- script: drop table that is not there
DROP TABLE IF EXISTS not_there;
-- script: drop two tables
DROP TABLE reviews, parameters;
-- script: drop a table that this file made
CREATE TABLE fresh (id bigint PRIMARY KEY);
DROP TABLE fresh;
-- script: drop a temporary table
CREATE TEMPORARY TABLE heap AS SELECT 1 AS a;
DROP TABLE heap;
-- script: drop a partition
DROP TABLE events_2023;
-- script: rename table
ALTER TABLE parameters RENAME TO options;
-- script: rename table IF EXISTS, lock_timeout set
SET lock_timeout = '200ms';
ALTER TABLE IF EXISTS reviews RENAME TO ratings_given;
-- script: rename table and a view of the old name
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE reviews RENAME TO ratings_given;
CREATE VIEW reviews AS SELECT id, product_id, stars, body FROM ratings_given;
GRANT SELECT, INSERT, UPDATE, DELETE ON reviews TO shop_app;
COMMIT;
-- script: rename view
ALTER VIEW open_orders RENAME TO orders_open;
-- script: rename materialized view
ALTER MATERIALIZED VIEW sales RENAME TO turnover;
-- script: rename sequence
ALTER SEQUENCE invoice_numbers RENAME TO invoice_ids;
-- script: rename schema
ALTER SCHEMA reporting RENAME TO reports;
-- script: table to another schema
ALTER TABLE parameters SET SCHEMA reporting;
-- script: tables swapped
BEGIN;
CREATE TABLE parameters_new (key text PRIMARY KEY, value text);
INSERT INTO parameters_new SELECT key, value FROM parameters;
ALTER TABLE parameters RENAME TO parameters_old;
ALTER TABLE parameters_new RENAME TO parameters;
GRANT SELECT, INSERT, UPDATE, DELETE ON parameters TO shop_app;
COMMIT;
-- script: VACUUM FULL
VACUUM FULL orders;
-- script: VACUUM FULL, option in parentheses
VACUUM (FULL, ANALYZE) orders;
-- script: VACUUM
VACUUM orders;
-- script: VACUUM ANALYZE
VACUUM (ANALYZE) orders;
-- script: VACUUM within a transaction
BEGIN;
VACUUM orders;
COMMIT;
-- script: ANALYZE
ANALYZE orders;
-- script: CLUSTER
CLUSTER customers USING customers_name;
-- script: SET LOGGED
ALTER TABLE sessions SET LOGGED;
-- script: SET UNLOGGED
ALTER TABLE reviews SET UNLOGGED;
-- script: SET TABLESPACE
ALTER TABLE orders SET TABLESPACE other_disk;
-- script: index to another tablespace
ALTER INDEX customers_name SET TABLESPACE other_disk;
-- script: SET ACCESS METHOD, the one it has
ALTER TABLE orders SET ACCESS METHOD heap;
-- script: fillfactor
ALTER TABLE orders SET (fillfactor = 70);
-- script: autovacuum off
ALTER TABLE orders SET (autovacuum_enabled = false);
-- script: autovacuum gentler
ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.01);
-- script: TRUNCATE
TRUNCATE parameters;
-- script: TRUNCATE CASCADE
TRUNCATE orders CASCADE;
-- script: TRUNCATE of two tables, RESTART IDENTITY
TRUNCATE TABLE reviews, order_lines RESTART IDENTITY;
-- script: TRUNCATE that a foreign key forbids
TRUNCATE orders;
-- script: TRUNCATE of a table that this file made
CREATE TABLE fresh (a bigint);
TRUNCATE fresh;
-- script: LOCK TABLE
BEGIN;
LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;
COMMIT;
-- script: LOCK TABLE and work
BEGIN;
LOCK TABLE orders;
UPDATE orders SET note = 'x' WHERE quantity % 10 = 0;
COMMIT;
-- script: LOCK TABLE IN SHARE MODE and count
BEGIN;
LOCK TABLE orders IN SHARE MODE;
SELECT count(*) FROM orders;
COMMIT;
-- script: LOCK TABLE IN ACCESS SHARE MODE
BEGIN;
LOCK TABLE orders IN ACCESS SHARE MODE;
COMMIT;
-- script: REFRESH MATERIALIZED VIEW
REFRESH MATERIALIZED VIEW sales;
-- script: REFRESH MATERIALIZED VIEW CONCURRENTLY
REFRESH MATERIALIZED VIEW CONCURRENTLY sales;
-- script: REFRESH MATERIALIZED VIEW CONCURRENTLY without a unique index
REFRESH MATERIALIZED VIEW CONCURRENTLY ratings;
-- script: REFRESH MATERIALIZED VIEW WITH NO DATA
REFRESH MATERIALIZED VIEW ratings WITH NO DATA;
-- script: new materialized view
CREATE MATERIALIZED VIEW IF NOT EXISTS best AS SELECT product_id FROM reviews WHERE stars = 5;
-- script: new materialized view without rows
CREATE MATERIALIZED VIEW IF NOT EXISTS best AS SELECT product_id FROM reviews WHERE stars = 5 WITH NO DATA;
-- script: drop materialized view
DROP MATERIALIZED VIEW ratings;
-- script: INHERIT
CREATE TABLE IF NOT EXISTS guests (id bigint, name text);
ALTER TABLE guests INHERIT people;
-- script: NO INHERIT
ALTER TABLE staff NO INHERIT people;
-- script: comment
COMMENT ON TABLE orders IS 'what was bought';
-- script: comment on a column
COMMENT ON COLUMN orders.note IS 'what the customer wrote';
