-- segue: copy phones from users a = b key (a)
-- expect: a colon is missing
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
