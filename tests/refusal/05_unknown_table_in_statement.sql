ALTER TABLE custommers ADD COLUMN x text;
-- line: 1
-- expect: custommers
