-- expect: 12 warning rename-table
-- expect: 17 warning rename-table
-- expect: 23 warning set-schema
-- expect: 23 warning several-tables-locked
SET lock_timeout = '100ms';
BEGIN;
ALTER TABLE orders RENAME TO purchases;
CREATE VIEW orders AS SELECT * FROM purchases;
COMMIT;
-- another name helps nobody
BEGIN;
ALTER TABLE customers RENAME TO buyers;
CREATE VIEW clients AS SELECT * FROM buyers;
COMMIT;

-- and not before it is there
ALTER TABLE items RENAME TO things;
CREATE VIEW items AS SELECT * FROM things;
CREATE SCHEMA shop;
BEGIN;
ALTER TABLE lines SET SCHEMA shop;
CREATE VIEW lines AS SELECT * FROM shop.lines;
ALTER TABLE pages SET SCHEMA shop;
ROLLBACK;
-- expect: 17 note not-repeatable
