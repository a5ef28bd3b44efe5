ALTER TABLE users DROP COLUMN midle_name;
-- line: 1
-- expect: midle_name
