ALTER TABLE typed ADD COLUMN at timestamptz GENERATED ALWAYS AS (now()) STORED;
-- line: 1
-- expect: generation expression is not immutable
