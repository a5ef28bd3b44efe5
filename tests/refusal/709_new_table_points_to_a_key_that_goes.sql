-- expect: a foreign key of "guests" would rest on "teams_pkey", which the file drops
ALTER TABLE teams DROP CONSTRAINT teams_pkey;
ALTER TABLE teams ADD CONSTRAINT teams_id UNIQUE (id);
CREATE TABLE guests (id bigint PRIMARY KEY, team integer REFERENCES teams (id));
