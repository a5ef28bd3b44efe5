ALTER TABLE below DROP COLUMN note;
-- line: 1
-- expect: table "below" belongs to a parent in another schema
