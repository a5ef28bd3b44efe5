-- segue: down orders.id = id::integer
ALTER TABLE orders ALTER COLUMN id TYPE bigint;
