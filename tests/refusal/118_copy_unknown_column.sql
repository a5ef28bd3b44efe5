-- segue: copy contacts from users: user_id = id, mial = email key (user_id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- column: 51
-- expect: the new version of table "contacts" has no column "mial"
-- expect: user_id, mail
