ALTER TABLE users ADD UNIQUE (id, email);
ALTER TABLE users ADD FOREIGN KEY (id, email) REFERENCES users (id, email) MATCH FULL;
-- expect: 6 rows of users violate foreign key
-- expect: or are NULL in part, which MATCH FULL does not allow
