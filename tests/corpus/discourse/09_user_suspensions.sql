-- segue: goal "a suspension is a record of its own"
-- segue: copy user_suspensions from users: user_id = id, suspended_at = suspended_at, suspended_till = suspended_till key (user_id)
-- segue: back users from user_suspensions: suspended_at = suspended_at, suspended_till = suspended_till
CREATE TABLE user_suspensions (
    user_id integer NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    suspended_at timestamp without time zone,
    suspended_till timestamp without time zone
);
ALTER TABLE users DROP COLUMN suspended_at, DROP COLUMN suspended_till;
