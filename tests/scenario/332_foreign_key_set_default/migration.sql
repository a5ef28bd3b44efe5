-- segue: down members.first_team = first_team::integer
ALTER TABLE members ALTER COLUMN first_team TYPE bigint;
ALTER TABLE members ADD COLUMN next_team integer DEFAULT 1 REFERENCES teams (id) ON DELETE SET DEFAULT;
ALTER TABLE members RENAME COLUMN home TO home_team;
ALTER TABLE members ADD CONSTRAINT teams_home CHECK (home_team > 0);
