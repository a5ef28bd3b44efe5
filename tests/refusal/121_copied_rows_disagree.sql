-- segue: copy groups from users: nick = nick, first_age = age key (nick)
-- segue: allow unindexed-copy because "a few rows"
CREATE TABLE groups (nick text PRIMARY KEY, first_age integer);
ALTER TABLE users DROP COLUMN team_id;
-- expect: for 10 values of (nick) the rows of users do not agree on (first_age)
-- expect: allow ambiguous-copy
