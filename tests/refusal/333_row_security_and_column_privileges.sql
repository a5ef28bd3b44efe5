ALTER TABLE guarded ADD COLUMN note text;
-- line: 1
-- expect: table "guarded" has both row security and column privileges
-- expect: grant the privileges on the whole table
