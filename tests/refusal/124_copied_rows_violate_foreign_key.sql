-- segue: copy memberships from users: user_id = id, team = team_id key (user_id)
CREATE TABLE memberships (user_id bigint PRIMARY KEY, team integer REFERENCES teams);
ALTER TABLE users DROP COLUMN team_id;
-- expect: 60 rows of users would point to rows of teams that do not exist
