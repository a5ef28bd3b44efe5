-- segue: up   badges.code = code::integer
-- segue: down badges.code = code::text
ALTER TABLE badges DROP COLUMN code;
ALTER TABLE badges ADD COLUMN code integer NOT NULL;
