-- expect: which this file renames
ALTER TABLE teams RENAME TO squads;
ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (age) REFERENCES squads (id);
