-- Unique constraints, primary keys, exclusion, and indexes.
-- script: unique
ALTER TABLE orders ADD CONSTRAINT orders_quantity_key UNIQUE (quantity);
-- script: unique without a name
ALTER TABLE orders ADD UNIQUE (quantity);
-- script: unique of two columns, lock_timeout set
SET lock_timeout = '200ms';
ALTER TABLE reviews ADD CONSTRAINT reviews_once UNIQUE (id, product_id);
-- script: unique with duplicates
ALTER TABLE reviews ADD CONSTRAINT reviews_stars_key UNIQUE (stars);
-- script: unique deferrable
ALTER TABLE reviews ADD CONSTRAINT reviews_id_key UNIQUE (id) DEFERRABLE;
-- script: unique NULLS NOT DISTINCT
ALTER TABLE orders ADD CONSTRAINT orders_quantity_key UNIQUE NULLS NOT DISTINCT (quantity);
-- script: unique using an index
SET lock_timeout = '200ms';
ALTER TABLE customers ADD CONSTRAINT customers_score_key UNIQUE USING INDEX customers_score_ready;
-- script: unique by way of a concurrent index
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS orders_quantity_ready ON orders (quantity);
ALTER TABLE orders ADD CONSTRAINT orders_quantity_key UNIQUE USING INDEX orders_quantity_ready;
-- script: unique on a new table, one transaction
BEGIN;
CREATE TABLE fresh (id bigint PRIMARY KEY, code text);
ALTER TABLE fresh ADD CONSTRAINT fresh_code UNIQUE (code);
COMMIT;
-- script: unique on a parent of partitions
ALTER TABLE events ADD CONSTRAINT events_once UNIQUE (id, at);
-- script: drop unique
ALTER TABLE products DROP CONSTRAINT products_sku_key;
-- script: primary key of nullable columns
ALTER TABLE reviews ADD PRIMARY KEY (id);
-- script: primary key of NOT NULL columns
ALTER TABLE parameters ADD CONSTRAINT parameters_pkey PRIMARY KEY (key);
-- script: primary key, lock_timeout set
SET lock_timeout = '200ms';
ALTER TABLE reviews ADD PRIMARY KEY (id);
-- script: primary key using an index of nullable columns
CREATE UNIQUE INDEX CONCURRENTLY reviews_ready ON reviews (id);
ALTER TABLE reviews ADD CONSTRAINT reviews_pkey PRIMARY KEY USING INDEX reviews_ready;
-- script: primary key using an index of NOT NULL columns
CREATE UNIQUE INDEX CONCURRENTLY parameters_ready ON parameters (key);
SET lock_timeout = '200ms';
ALTER TABLE parameters ADD CONSTRAINT parameters_pkey PRIMARY KEY USING INDEX parameters_ready;
-- script: primary key replaced
ALTER TABLE products DROP CONSTRAINT products_pkey, ADD PRIMARY KEY (id);
-- script: primary key dropped
ALTER TABLE products DROP CONSTRAINT products_pkey;
-- script: primary key dropped, CASCADE
ALTER TABLE orders DROP CONSTRAINT orders_pkey CASCADE;
-- script: exclusion
ALTER TABLE orders ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);
-- script: exclusion on a new table
CREATE TABLE IF NOT EXISTS fresh (during tstzrange, EXCLUDE USING gist (during WITH &&));
-- script: index
CREATE INDEX orders_quantity ON orders (quantity);
-- script: index IF NOT EXISTS
CREATE INDEX IF NOT EXISTS orders_quantity ON orders (quantity);
-- script: index, lock_timeout set
SET lock_timeout = '200ms';
CREATE INDEX orders_quantity ON orders (quantity);
-- script: index without a name
CREATE INDEX ON orders (quantity);
-- script: unique index
CREATE UNIQUE INDEX orders_quantity ON orders (quantity);
-- script: partial index
CREATE INDEX orders_open ON orders (placed) WHERE state = 'open';
-- script: index of an expression
CREATE INDEX customers_upper ON customers (upper(name));
-- script: covering index
CREATE INDEX orders_covered ON orders (product_id) INCLUDE (amount);
-- script: gin index
CREATE INDEX customers_extra ON customers USING gin (extra);
-- script: brin index
CREATE INDEX orders_placed_brin ON orders USING brin (placed);
-- script: hash index
CREATE INDEX orders_state ON orders USING hash (state);
-- script: index within a transaction
BEGIN;
CREATE INDEX orders_quantity ON orders (quantity);
COMMIT;
-- script: concurrent index
CREATE INDEX CONCURRENTLY orders_quantity ON orders (quantity);
-- script: concurrent index IF NOT EXISTS
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_quantity ON orders (quantity);
-- script: concurrent index after a broken one is gone
DROP INDEX CONCURRENTLY IF EXISTS orders_quantity;
CREATE INDEX CONCURRENTLY orders_quantity ON orders (quantity);
-- script: concurrent index behind a lock_timeout
SET lock_timeout = '200ms';
CREATE INDEX CONCURRENTLY orders_quantity ON orders (quantity);
-- script: concurrent index within a transaction
BEGIN;
CREATE INDEX CONCURRENTLY orders_quantity ON orders (quantity);
COMMIT;
-- script: concurrent unique index
CREATE UNIQUE INDEX CONCURRENTLY orders_quantity ON orders (quantity);
-- script: concurrent index on a parent of partitions
CREATE INDEX CONCURRENTLY events_kind ON events (kind);
-- script: index on a parent of partitions
CREATE INDEX events_kind ON events (kind);
-- script: index ON ONLY a parent of partitions
CREATE INDEX events_kind ON ONLY events (kind);
-- script: index of partitions, one by one
CREATE INDEX IF NOT EXISTS events_kind ON ONLY events (kind);
CREATE INDEX CONCURRENTLY events_2023_kind ON events_2023 (kind);
CREATE INDEX CONCURRENTLY events_2024_kind ON events_2024 (kind);
ALTER INDEX events_kind ATTACH PARTITION events_2023_kind;
ALTER INDEX events_kind ATTACH PARTITION events_2024_kind;
-- script: index on a materialized view
-- needs schema: nothing here says that sales is no table
CREATE INDEX sales_total ON sales (total);
-- script: index on a table that this file makes
CREATE TABLE IF NOT EXISTS fresh (id bigint PRIMARY KEY, code text);
CREATE INDEX IF NOT EXISTS fresh_code ON fresh (code);
-- script: index on a table that this file makes, one transaction
BEGIN;
CREATE TABLE fresh (id bigint PRIMARY KEY, code text);
CREATE INDEX fresh_code ON fresh (code);
COMMIT;
-- script: index on a temporary table
CREATE TEMPORARY TABLE heap (id bigint);
CREATE INDEX heap_id ON heap (id);
-- script: drop index
DROP INDEX customers_name;
-- script: drop index IF EXISTS
DROP INDEX IF EXISTS customers_name;
-- script: drop index, lock_timeout set
SET lock_timeout = '200ms';
DROP INDEX customers_name;
-- script: drop index concurrently
DROP INDEX CONCURRENTLY IF EXISTS customers_name;
-- script: drop index concurrently within a transaction
BEGIN;
DROP INDEX CONCURRENTLY customers_name;
COMMIT;
-- script: drop two indexes concurrently
DROP INDEX CONCURRENTLY customers_name, customers_joined;
-- script: drop the index of a constraint
DROP INDEX products_sku_key;
-- script: rename index
ALTER INDEX customers_name RENAME TO customers_by_name;
-- script: index settings
ALTER INDEX customers_name SET (fillfactor = 70);
-- script: index statistics
ALTER INDEX customers_lower_note ALTER COLUMN 1 SET STATISTICS 500;
-- script: reindex index
REINDEX INDEX customers_name;
-- script: reindex table
REINDEX TABLE orders;
-- script: reindex table, option in parentheses
REINDEX (VERBOSE) TABLE orders;
-- script: reindex schema
REINDEX SCHEMA reporting;
-- script: reindex index concurrently
REINDEX INDEX CONCURRENTLY customers_name;
-- script: reindex table concurrently
REINDEX TABLE CONCURRENTLY orders;
-- script: reindex concurrently, option in parentheses
REINDEX (CONCURRENTLY) INDEX customers_name;
-- script: reindex concurrently within a transaction
BEGIN;
REINDEX INDEX CONCURRENTLY customers_name;
COMMIT;
-- script: statistics object
CREATE STATISTICS orders_together (dependencies) ON customer_id, product_id FROM orders;
-- script: cluster on an index
CLUSTER orders USING orders_pkey;
-- script: mark the index to cluster on
ALTER TABLE orders CLUSTER ON orders_pkey;
