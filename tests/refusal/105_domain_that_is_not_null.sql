ALTER TABLE typed ADD COLUMN label never_null;
-- line: 1
-- expect: domain "never_null" of column "label" is NOT NULL
