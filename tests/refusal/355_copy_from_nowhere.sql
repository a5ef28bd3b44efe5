-- segue: copy contacts from persons: user_id = id, mail = email key (user_id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: the old version has no table "persons"
