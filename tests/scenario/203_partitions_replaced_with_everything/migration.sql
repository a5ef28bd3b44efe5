-- segue: down parts.weight = weight::integer
ALTER TABLE parts ALTER COLUMN weight TYPE bigint;
