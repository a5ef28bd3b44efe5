-- segue: copy contacts from users: kind = 'home', mail = email key (kind)
CREATE TABLE contacts (kind text PRIMARY KEY, mail text);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: the key holds no column of "users"
