-- Where up itself gives NULL for rows of a NOT NULL column, the rows are named.
-- segue: up users.contact = email
ALTER TABLE users ADD COLUMN contact text NOT NULL;
-- expect: contact
-- expect: 6
