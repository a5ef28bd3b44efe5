-- segue: copy contacts from users: id = id, email = email key (id)
CREATE TABLE contacts (LIKE users);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: the columns of table "contacts" are not known: it is made LIKE another
