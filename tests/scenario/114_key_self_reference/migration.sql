-- segue: down folders.id = id::integer
-- segue: down folders.parent_id = parent_id::integer
ALTER TABLE folders ALTER COLUMN id TYPE bigint, ALTER COLUMN parent_id TYPE bigint;
