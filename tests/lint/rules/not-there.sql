-- What is there is told with `--url` only: tables, columns, constraints, indexes, triggers, policies, types, functions, schemas and
-- extensions. What the file makes or renames before counts, too; behind a DO block, another search path, CASCADE or ROLLBACK nothing is said.
--: database
--: bad
ALTER TABLE orders ALTER COLUMN amuont SET DEFAULT 0;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ALTER COLUMN amount SET DEFAULT 0;
