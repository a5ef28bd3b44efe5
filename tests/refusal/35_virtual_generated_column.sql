ALTER TABLE users ADD COLUMN half integer GENERATED ALWAYS AS (age / 2) VIRTUAL;
-- line: 1
-- expect: syntax error
