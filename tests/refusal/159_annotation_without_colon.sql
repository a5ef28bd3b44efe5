-- segue up users.a = 1
-- expect: the colon is missing
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
