-- segue: copy contacts from users: user_id = id + 1, mail = email key (user_id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: key column "user_id" takes neither a column of "users" nor a constant
