-- segue: down users.id = id::bigint
ALTER TABLE users ALTER COLUMN id TYPE numeric;
-- line: 2
-- expect: primary key
-- expect: id
