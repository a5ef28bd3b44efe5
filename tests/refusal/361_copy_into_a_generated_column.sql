-- segue: copy contacts from users: user_id = id, mail = email, small = email key (user_id)
CREATE TABLE contacts (user_id bigint PRIMARY KEY, mail text, small text GENERATED ALWAYS AS (lower(mail)) STORED);
ALTER TABLE users DROP COLUMN email;
-- line: 1
-- expect: column "small" is generated: nobody gives it a value
