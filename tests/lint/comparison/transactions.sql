-- Transactions, timeouts, and several statements that harm only together.
-- script: two tables under one transaction
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE orders ADD COLUMN a text;
ALTER TABLE customers ADD COLUMN a text;
COMMIT;
-- script: two tables, a transaction each
SET lock_timeout = '200ms';
ALTER TABLE orders ADD COLUMN a text;
ALTER TABLE customers ADD COLUMN a text;
-- script: column and rows in one transaction
BEGIN;
ALTER TABLE orders ADD COLUMN a text;
UPDATE orders SET a = note;
COMMIT;
-- script: column and rows of another table in one transaction
BEGIN;
ALTER TABLE orders ADD COLUMN a text;
UPDATE parameters SET value = 'new';
COMMIT;
-- script: column and a count in one transaction
BEGIN;
ALTER TABLE orders ADD COLUMN a text;
SELECT count(*) FROM orders;
COMMIT;
-- script: column and one row in one transaction
BEGIN;
ALTER TABLE orders ADD COLUMN a text;
INSERT INTO parameters (key, value) VALUES ('a', 'b');
COMMIT;
-- script: trigger and rows in one transaction
BEGIN;
CREATE TRIGGER reviews_touch BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION touch();
UPDATE reviews SET body = body || '!';
COMMIT;
-- script: foreign key to a used table and rows in one transaction
BEGIN;
CREATE TABLE notes (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
INSERT INTO notes SELECT id, id FROM orders;
COMMIT;
-- script: BEGIN without COMMIT
BEGIN;
ALTER TABLE orders ADD COLUMN a text;
-- script: BEGIN twice
BEGIN;
BEGIN;
ALTER TABLE orders ADD COLUMN a text;
COMMIT;
-- script: COMMIT without BEGIN
ALTER TABLE orders ADD COLUMN IF NOT EXISTS a text;
COMMIT;
-- script: ROLLBACK at the end
BEGIN;
ALTER TABLE orders ADD COLUMN a text;
ROLLBACK;
-- script: savepoints
-- refuted: transaction-nesting: ROLLBACK TO ends no transaction
BEGIN;
SAVEPOINT a;
ALTER TABLE orders ADD COLUMN a text;
ROLLBACK TO SAVEPOINT a;
COMMIT;
-- script: START TRANSACTION and END
START TRANSACTION;
ALTER TABLE orders ADD COLUMN a text;
END;
-- script: lock_timeout of zero
SET lock_timeout = 0;
ALTER TABLE orders ADD COLUMN a text;
-- script: lock_timeout of an hour
SET lock_timeout = '1h';
ALTER TABLE orders ADD COLUMN a text;
-- script: lock_timeout by set_config
SELECT set_config('lock_timeout', '200ms', false);
ALTER TABLE orders ADD COLUMN a text;
-- script: statement_timeout alone
SET statement_timeout = '5s';
ALTER TABLE orders ADD COLUMN a text;
-- script: SET LOCAL outside a transaction
SET LOCAL lock_timeout = '200ms';
ALTER TABLE orders ADD COLUMN a text;
-- script: lock_timeout reset before the change
SET lock_timeout = '200ms';
RESET lock_timeout;
ALTER TABLE orders ADD COLUMN a text;
-- script: check and index in one transaction
BEGIN;
ALTER TABLE reviews ADD COLUMN a text;
CREATE INDEX reviews_a ON reviews (a);
COMMIT;
-- script: half of a file that fails
ALTER TABLE reviews ADD COLUMN a text;
ALTER TABLE reviews ADD COLUMN a text;
-- script: DO block
DO $$ BEGIN ALTER TABLE reviews ADD COLUMN a double precision DEFAULT random(); END $$;
-- script: DO block that does nothing
DO $$ BEGIN RAISE NOTICE 'hello; %', 1; END $$;
-- script: drop and add in one ALTER TABLE
ALTER TABLE customers DROP CONSTRAINT phone_known, ALTER COLUMN phone SET NOT NULL;
-- script: not null and default at once
ALTER TABLE reviews ALTER COLUMN stars SET DEFAULT 3, ALTER COLUMN stars SET NOT NULL;
-- script: new tables of a first migration
BEGIN;
CREATE TABLE shelves (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE books (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shelf_id bigint NOT NULL REFERENCES shelves, title text NOT NULL);
CREATE INDEX books_shelf ON books (shelf_id);
INSERT INTO shelves (name) VALUES ('first');
ALTER TABLE books ADD CONSTRAINT title_known CHECK (title <> '');
COMMIT;
-- script: the whole right way to a NOT NULL reference
SET lock_timeout = '200ms';
ALTER TABLE reviews ADD COLUMN order_id bigint;
ALTER TABLE reviews ADD CONSTRAINT reviews_order FOREIGN KEY (order_id) REFERENCES orders NOT VALID;
ALTER TABLE reviews VALIDATE CONSTRAINT reviews_order;
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY IF NOT EXISTS reviews_order ON reviews (order_id);
