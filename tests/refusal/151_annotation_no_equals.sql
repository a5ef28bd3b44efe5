-- segue: up users.a 1
-- expect: an equals sign is missing
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
