-- segue: phase expand
UPDATE items SET name = upper(name) WHERE id % 2 = 0;
-- segue: up items.size = length(name)
ALTER TABLE items ADD COLUMN size integer;
