-- on: 18
-- line: 4
-- expect: constraint "only_even" of table "halves" already exists
ALTER TABLE halves ADD COLUMN counted integer CONSTRAINT only_even NOT NULL DEFAULT 1;
