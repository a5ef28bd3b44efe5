-- Statements that cannot be read, forms of other releases, and what looks like a statement and is none.
-- script: misspelt
ALTER TABEL orders ADD COLUMN a text;
-- script: misspelt, and a hazard behind it
ALTER TABEL orders ADD COLUMN a text;
CREATE INDEX orders_quantity ON orders (quantity);
-- script: MySQL's quotes
ALTER TABLE `orders` ADD COLUMN a text;
-- script: MySQL's AFTER
ALTER TABLE orders ADD COLUMN a text AFTER note;
-- script: comma at the end
CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY, name text,);
-- script: missing parenthesis
CREATE TABLE t (id bigint PRIMARY KEY;
-- script: trailing words
DROP TABLE IF EXISTS not_there NOW;
-- script: empty file
-- nothing here
-- script: comments only
-- ALTER TABLE orders DROP COLUMN note;
/* DROP TABLE orders; /* nested */ DROP TABLE customers; */
-- script: statements in strings
SELECT 'DROP TABLE orders; ALTER TABLE x', $$CREATE INDEX a ON b (c);$$, E'it\'s; fine';
-- script: empty statements
;;
SELECT 1;;
-- script: upper and lower case
aLtEr TaBlE oRdErS aDd CoLuMn A tExT dEfAuLt RaNdOm()::text;
-- script: comments within
ALTER /* a */ TABLE orders -- b
    ADD /* c; */ COLUMN a double precision DEFAULT /* d */ random();
-- script: schema written out
ALTER TABLE public.orders ADD COLUMN a double precision DEFAULT pg_catalog.random();
-- script: quoted table
ALTER TABLE "orders" ALTER COLUMN "quantity" SET NOT NULL;
-- script: ONLY
ALTER TABLE ONLY orders ALTER COLUMN quantity SET NOT NULL;
-- script: star
ALTER TABLE orders * ALTER COLUMN quantity SET NOT NULL;
-- script: IF EXISTS
ALTER TABLE IF EXISTS orders ALTER COLUMN quantity SET NOT NULL;
-- script: unicode identifiers
CREATE TABLE IF NOT EXISTS größe (id bigint PRIMARY KEY, länge text);
-- script: no semicolon at the end
CREATE INDEX orders_quantity ON orders (quantity)
-- script: several changes in one statement
ALTER TABLE orders
    ADD COLUMN a text,
    ALTER COLUMN quantity SET NOT NULL,
    ADD CONSTRAINT amount_sane CHECK (amount < 100000),
    DROP COLUMN during;
-- script: VIRTUAL, of PostgreSQL 18
ALTER TABLE orders ADD COLUMN a numeric GENERATED ALWAYS AS (amount * 2) VIRTUAL;
-- script: NOT NULL NOT VALID, of PostgreSQL 18
ALTER TABLE orders ADD CONSTRAINT quantity_known NOT NULL quantity NOT VALID;
-- script: NOT ENFORCED, of PostgreSQL 18
-- refuted: constraint-missing-not-valid: no row is looked at for what is not enforced
ALTER TABLE orders ADD CONSTRAINT a CHECK (amount < 100) NOT ENFORCED;
-- script: SET EXPRESSION, of PostgreSQL 17
ALTER TABLE orders ALTER COLUMN amount SET EXPRESSION AS (1);
-- script: ALTER TABLE ALL IN TABLESPACE
ALTER TABLE ALL IN TABLESPACE other_disk SET TABLESPACE pg_default;
-- script: EXPLAIN of a change
EXPLAIN UPDATE orders SET note = 'x';
-- script: PREPARE
PREPARE p AS UPDATE orders SET note = 'x' WHERE id = $1;
-- script: NOTIFY
NOTIFY shop, 'changed';
-- script: LISTEN
LISTEN shop;
-- script: CALL of what is not there
CALL not_there();
-- script: ignored for squawk
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX orders_quantity ON orders (quantity);
