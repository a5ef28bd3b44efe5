ALTER TABLE mothers ADD COLUMN note text;
-- line: 1
-- expect: table "children" inherits from more than one table
