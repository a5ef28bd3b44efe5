ALTER TABLE parents ADD COLUMN extra text;
-- line: 1
-- expect: table "heirs" has a column "extra" of its own
