-- segue: copy groups from users: nick = nick, team = team_id key (nick)
CREATE TABLE groups (nick text PRIMARY KEY, team integer);
ALTER TABLE users DROP COLUMN team_id;
-- line: 1
-- expect: table "users" has no index that begins with a column of (nick)
-- expect: allow unindexed-copy
