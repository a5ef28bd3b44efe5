-- Forms of PostgreSQL 16 to 18 are read though the grammar at hand is of 15.
-- expect: 20 warning several-tables-locked
-- expect: 26 error set-not-null
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN IF NOT EXISTS v int GENERATED ALWAYS AS (a + b) VIRTUAL;
-- segue: allow prepared-select-star because "shown elsewhere"
ALTER TABLE orders ADD COLUMN IF NOT EXISTS w int GENERATED ALWAYS AS (a + b);
ALTER TABLE orders ADD CONSTRAINT a_nn NOT NULL a NOT VALID;
ALTER TABLE orders ADD CONSTRAINT b_c CHECK (b > 0) NOT ENFORCED;
CREATE TABLE IF NOT EXISTS rooms (id int4range, during tstzrange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE IF NOT EXISTS bookings (id bigint, note text STORAGE external, CONSTRAINT n NOT NULL id);
CREATE STATISTICS ON a, b FROM orders;
SELECT 1_000, 0xFF;
-- expect: 5 note prepared-select-star
-- expect: 9 note not-enforced
-- arguments: --schema-file tests/lint/postgres-locks-base.sql
BEGIN;
ALTER TABLE orders ALTER COLUMN a SET STATISTICS DEFAULT;
ALTER TABLE orders ALTER CONSTRAINT amt_chk NOT ENFORCED;
ALTER TABLE child ALTER CONSTRAINT child_order_id_fkey NOT ENFORCED;
COMMIT;
-- expect: 19 note not-enforced
-- expect: 20 note not-enforced
-- A NOT NULL that is not validated proves nothing.
SET lock_timeout = '100ms';
ALTER TABLE orders ALTER COLUMN a SET NOT NULL;
-- expect: 9 note not-repeatable
-- expect: 5 note published-table
-- expect: 7 note published-table
