-- segue: copy contacts from users: user_id = id, mail = email key (user_id)
-- segue: back users from contacts: email = mail
-- segue: back users from contacts: last_name = mail
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text);
ALTER TABLE users DROP COLUMN email;
-- line: 3
-- expect: this back gives no way back for any copy of "contacts"
