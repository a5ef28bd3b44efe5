ALTER TABLE users ADD COLUMN half integer GENERATED ALWAYS AS (age / 2) STORED;
-- line: 1
-- expect: GENERATED
