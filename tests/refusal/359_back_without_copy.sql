-- segue: back users from contacts: email = mail key (id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: back "users" from "contacts" has no copy the other way
-- expect: -- segue: copy contacts from users
