-- segue: goal "the server itself keeps the lower case name"
-- segue: down users.username_lower = lower(username)
DROP TRIGGER lower_username ON users;
DROP FUNCTION lower_username();
ALTER TABLE users DROP COLUMN username_lower;
ALTER TABLE users ADD COLUMN username_lower character varying(60) NOT NULL GENERATED ALWAYS AS (lower(username)) STORED;
