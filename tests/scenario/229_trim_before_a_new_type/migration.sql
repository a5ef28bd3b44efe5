-- segue: phase expand
UPDATE parts SET code = trim(code) WHERE code LIKE ' %';
-- segue: down parts.code = code::text
ALTER TABLE parts ALTER COLUMN code TYPE integer USING code::integer;
ALTER TABLE parts RENAME COLUMN label TO title;
