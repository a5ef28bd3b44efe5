-- segue: copy contacts from users: user_id = id, mail = email key (user_id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail date);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: column "mail" is of type date but expression is of type text
