ALTER TABLE users RENAME COLUMN nick TO nickname;
-- segue: phase expand
UPDATE users SET nickname = o.nickname FROM users AS o WHERE o.id = users.id + 1;
-- line: 3
-- expect: UPDATE is run as it stands, because it has a FROM clause, but its names are others in phase expand
-- expect: above the renames
