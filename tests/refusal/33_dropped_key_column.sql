-- segue: down teams.id = 1
ALTER TABLE teams DROP COLUMN id;
-- line: 2
-- expect: primary key
