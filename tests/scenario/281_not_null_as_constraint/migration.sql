-- From PostgreSQL 18 on NOT NULL is a constraint that statements name.
-- segue: up teams.size = size::bigint
-- segue: down teams.size = size::integer
-- segue: up teams.old = old::bigint
-- segue: down teams.old = old::integer
ALTER TABLE teams DROP CONSTRAINT named;
ALTER TABLE teams ALTER COLUMN city DROP NOT NULL;
ALTER TABLE teams ALTER COLUMN size TYPE bigint;
ALTER TABLE teams ALTER COLUMN old TYPE bigint;
ALTER TABLE teams RENAME CONSTRAINT teams_kept_not_null TO kept_always;
COMMENT ON CONSTRAINT kept_always ON teams IS 'kept for good';
ALTER TABLE teams ADD COLUMN extra integer CONSTRAINT teams_size_check NOT NULL DEFAULT 1;
ALTER TABLE teams ADD CHECK (size >= 0);
