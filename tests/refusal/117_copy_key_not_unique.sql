-- segue: copy contacts from users: user_id = id, mail = email key (user_id)
CREATE TABLE contacts (user_id bigint REFERENCES users, mail text PRIMARY KEY);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: (user_id) is not unique in table "contacts"
-- expect: PRIMARY KEY or UNIQUE (user_id)
