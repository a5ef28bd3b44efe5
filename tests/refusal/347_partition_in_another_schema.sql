ALTER TABLE far ADD COLUMN note text;
-- line: 1
-- expect: table "far" has partitions or children that are in another schema or are no plain tables
-- expect: far_away
