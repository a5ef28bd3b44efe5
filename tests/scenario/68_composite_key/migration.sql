-- segue: up cells.value_length = coalesce(length(value), 0)
ALTER TABLE cells ADD COLUMN value_length integer NOT NULL;
