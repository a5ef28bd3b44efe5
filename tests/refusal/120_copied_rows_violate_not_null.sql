-- segue: copy contacts from users: user_id = id, mail = email key (user_id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text NOT NULL);
ALTER TABLE users DROP COLUMN email;
-- expect: contacts.mail is NOT NULL, but gets NULL for 6 rows of users
-- expect: id=50
