-- Checks and foreign keys.
-- script: check
ALTER TABLE orders ADD CONSTRAINT amount_sane CHECK (amount < 100000);
-- script: check without a name
ALTER TABLE orders ADD CHECK (amount < 100000);
-- script: check, lock_timeout set
SET lock_timeout = '200ms';
ALTER TABLE orders ADD CONSTRAINT amount_sane CHECK (amount < 100000);
-- script: check NOT VALID
ALTER TABLE orders ADD CONSTRAINT amount_sane CHECK (amount < 100000) NOT VALID;
-- script: check NOT VALID, lock_timeout set
SET lock_timeout = '200ms';
ALTER TABLE orders ADD CONSTRAINT amount_sane CHECK (amount < 100000) NOT VALID;
-- script: check NOT VALID and validated, two transactions
SET lock_timeout = '200ms';
ALTER TABLE orders ADD CONSTRAINT amount_sane CHECK (amount < 100000) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT amount_sane;
-- script: check NOT VALID and validated, one transaction
BEGIN;
ALTER TABLE orders ADD CONSTRAINT amount_sane CHECK (amount < 100000) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT amount_sane;
COMMIT;
-- script: check NOT VALID and validated, two transactions written out
BEGIN;
ALTER TABLE orders ADD CONSTRAINT amount_sane CHECK (amount < 100000) NOT VALID;
COMMIT;
BEGIN;
ALTER TABLE orders VALIDATE CONSTRAINT amount_sane;
COMMIT;
-- script: check that rows break
ALTER TABLE orders ADD CONSTRAINT amount_large CHECK (amount > 10);
-- script: check NOT VALID that the application breaks
ALTER TABLE orders ADD CONSTRAINT quantity_known CHECK (quantity > 0 AND quantity IS NOT NULL) NOT VALID;
-- script: check that the application breaks
DELETE FROM orders WHERE quantity IS NULL;
ALTER TABLE orders ADD CONSTRAINT quantity_known CHECK (quantity IS NOT NULL);
-- script: validate what is there
ALTER TABLE orders VALIDATE CONSTRAINT amount_not_negative;
-- script: validate within a transaction
BEGIN;
ALTER TABLE orders VALIDATE CONSTRAINT amount_not_negative;
COMMIT;
-- script: check NO INHERIT on a parent of heirs
ALTER TABLE people ADD CONSTRAINT name_known CHECK (name IS NOT NULL) NO INHERIT;
-- script: check on a parent of partitions
ALTER TABLE events ADD CONSTRAINT kind_known CHECK (kind > 0);
-- script: two checks at once
ALTER TABLE orders ADD CONSTRAINT a CHECK (amount < 100000), ADD CONSTRAINT b CHECK (amount > -1);
-- script: check on a table that this file makes
CREATE TABLE IF NOT EXISTS fresh (a bigint);
ALTER TABLE fresh ADD CONSTRAINT a_known CHECK (a > 0);
-- script: check on a table that this file makes, one transaction
BEGIN;
CREATE TABLE fresh (a bigint);
ALTER TABLE fresh ADD CONSTRAINT a_known CHECK (a > 0);
COMMIT;
-- script: drop a check
ALTER TABLE customers DROP CONSTRAINT phone_known;
-- script: drop a check, IF EXISTS
SET lock_timeout = '200ms';
ALTER TABLE customers DROP CONSTRAINT IF EXISTS phone_known;
-- script: drop and add a check
ALTER TABLE orders DROP CONSTRAINT amount_not_negative, ADD CONSTRAINT amount_not_negative CHECK (amount >= 0);
-- script: rename a constraint
ALTER TABLE orders RENAME CONSTRAINT amount_not_negative TO amount_sane;
-- script: foreign key
ALTER TABLE orders ADD CONSTRAINT orders_product FOREIGN KEY (product_id) REFERENCES products (id);
-- script: foreign key, lock_timeout set
SET lock_timeout = '200ms';
ALTER TABLE order_lines ADD CONSTRAINT lines_product FOREIGN KEY (product_id) REFERENCES products;
-- script: foreign key NOT VALID
SET lock_timeout = '200ms';
ALTER TABLE orders ADD CONSTRAINT orders_product FOREIGN KEY (product_id) REFERENCES products (id) NOT VALID;
-- script: foreign key NOT VALID and validated, two transactions
SET lock_timeout = '200ms';
ALTER TABLE order_lines ADD CONSTRAINT lines_product FOREIGN KEY (product_id) REFERENCES products NOT VALID;
ALTER TABLE order_lines VALIDATE CONSTRAINT lines_product;
-- script: foreign key NOT VALID and validated, one transaction
BEGIN;
ALTER TABLE order_lines ADD CONSTRAINT lines_product FOREIGN KEY (product_id) REFERENCES products NOT VALID;
ALTER TABLE order_lines VALIDATE CONSTRAINT lines_product;
COMMIT;
-- script: foreign key with orphans
UPDATE reviews SET product_id = 999999 WHERE id = 1;
ALTER TABLE reviews ADD CONSTRAINT reviews_product FOREIGN KEY (product_id) REFERENCES products;
-- script: foreign key ON DELETE CASCADE
ALTER TABLE reviews ADD CONSTRAINT reviews_product FOREIGN KEY (product_id) REFERENCES products ON DELETE CASCADE NOT VALID;
-- script: foreign key to a column without a key
ALTER TABLE reviews ADD CONSTRAINT reviews_weight FOREIGN KEY (product_id) REFERENCES products (weight);
-- script: foreign key to itself
ALTER TABLE reviews ADD COLUMN parent_id bigint;
ALTER TABLE products ADD CONSTRAINT products_parent FOREIGN KEY (id) REFERENCES products;
-- script: foreign key of a parent of partitions
ALTER TABLE events ADD CONSTRAINT events_customer FOREIGN KEY (id) REFERENCES customers (id);
-- script: foreign key of a new table
CREATE TABLE IF NOT EXISTS notes (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));
-- script: foreign key of a new table, lock_timeout set
SET lock_timeout = '200ms';
CREATE TABLE IF NOT EXISTS notes (id bigint PRIMARY KEY, order_id bigint, CONSTRAINT notes_order FOREIGN KEY (order_id) REFERENCES orders);
-- script: foreign key added to a new table, one transaction
BEGIN;
CREATE TABLE notes (id bigint PRIMARY KEY, order_id bigint);
ALTER TABLE notes ADD CONSTRAINT notes_order FOREIGN KEY (order_id) REFERENCES orders;
COMMIT;
-- script: foreign key between new tables
BEGIN;
CREATE TABLE shelves (id bigint PRIMARY KEY);
CREATE TABLE books (id bigint PRIMARY KEY, shelf_id bigint REFERENCES shelves);
CREATE INDEX books_shelf ON books (shelf_id);
COMMIT;
-- script: drop a foreign key
ALTER TABLE order_lines DROP CONSTRAINT order_lines_order_id_fkey;
-- script: foreign key made deferrable
ALTER TABLE order_lines ALTER CONSTRAINT order_lines_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
-- script: check that calls a function
ALTER TABLE reviews ADD CONSTRAINT body_short CHECK (char_length(body) < 1000);
-- script: check of a domain's column
ALTER TABLE customers ADD CONSTRAINT points_small CHECK (points < 1000000) NOT VALID;
