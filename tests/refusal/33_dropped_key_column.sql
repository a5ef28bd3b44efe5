ALTER TABLE teams DROP COLUMN id;
-- line: 1
-- expect: primary key
