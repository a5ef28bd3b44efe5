-- segue: copy contacts from users: user_id = id, mail = lower(email) key (user_id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY REFERENCES users, mail text);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: what the new version writes to "contacts" has no way back to column "email" of "users"
-- expect: write -- segue: back users from contacts: email =
