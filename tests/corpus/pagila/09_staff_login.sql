-- segue: goal "passwords leave the table that reports read"   owner: security
-- segue: copy staff_login from staff: staff_id = staff_id, username = username, password = password key (staff_id)
-- segue: back staff from staff_login: username = username, password = password
-- segue: down staff.username = 'nobody'
CREATE TABLE staff_login (
    staff_id integer PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
    username text NOT NULL,
    password text
);
ALTER TABLE staff DROP COLUMN username, DROP COLUMN password;
GRANT SELECT ON staff TO app_reader;
