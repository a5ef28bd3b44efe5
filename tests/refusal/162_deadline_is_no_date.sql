-- segue: deadline: soon
-- expect: "soon" is not a date
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
