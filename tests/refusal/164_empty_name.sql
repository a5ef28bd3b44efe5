-- segue: up users."" = 1
-- expect: a name is empty
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
