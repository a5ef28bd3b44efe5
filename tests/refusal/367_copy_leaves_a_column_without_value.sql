-- segue: copy contacts from users: user_id = id, mail = email key (user_id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text, kind text NOT NULL);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: column "kind" of table "contacts" is NOT NULL and gets no value from "users"
