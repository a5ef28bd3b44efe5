ALTER TABLE typed ALTER COLUMN base DROP EXPRESSION;
-- line: 1
-- expect: column "base" of table "typed" is not a stored generated column
