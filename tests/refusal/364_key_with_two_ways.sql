-- segue: copy contacts from users: user_id = id, mail = email key (user_id)
-- segue: back users from contacts: id = user_id + 1, email = mail
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text);
ALTER TABLE users DROP COLUMN email;
-- line: 2
-- expect: key column "id" goes one way as another column than it comes back
