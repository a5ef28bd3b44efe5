ALTER TABLE users ADD FOREIGN KEY (team_id) REFERENCES clubs (id);
-- line: 1
-- expect: clubs
