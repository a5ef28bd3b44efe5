ALTER TABLE users ADD FOREIGN KEY (team_id) REFERENCES teams (id);
-- expect: team_id
-- expect: 60
-- expect: 20
