-- With `--pg-version 15`: a generated column that is not stored came with PostgreSQL 18.
--: bad
ALTER TABLE orders ADD COLUMN doubled integer GENERATED ALWAYS AS (amount * 2) VIRTUAL;
--: good
CREATE VIEW doubled_orders AS SELECT id, amount * 2 AS doubled FROM orders;
