ALTER TABLE users ADD FOREIGN KEY (nick) REFERENCES teams (name);
-- expect: teams
-- expect: unique
