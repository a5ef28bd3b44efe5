-- segue: up typed.twice = base * 2
ALTER TABLE typed ADD COLUMN twice integer GENERATED ALWAYS AS (base * 2) STORED;
-- line: 1
-- expect: column "twice" of table "typed" is generated
