-- segue: copy contacts from users: user_id = id, mail = email key (user_id)
-- segue: copy contacts from users: user_id = id, mail = last_name key (user_id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text);
ALTER TABLE users DROP COLUMN email;
-- expect: two rows of "contacts" that come from one of "users" would have the same key
-- expect: a constant of its own
