-- segue: up a.public.users.a = 1
-- expect: the name has too many parts
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
