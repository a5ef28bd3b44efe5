-- segue: copy phones users: a = b key (a)
-- expect: "from" is missing
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
