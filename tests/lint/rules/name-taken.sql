-- What is there is told with `--url` only. What the file drops or renames before counts, too; behind a DO block, another search path,
-- CASCADE or ROLLBACK nothing is said.
--: database
--: bad
ALTER TABLE orders ADD COLUMN amount bigint;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN IF NOT EXISTS amount bigint;
