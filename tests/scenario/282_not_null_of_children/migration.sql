-- What a child demands of a column beyond its parent stays when the column is replaced.
-- segue: up things.size = size::bigint
-- segue: down things.size = size::integer
ALTER TABLE things ALTER COLUMN size TYPE bigint;
