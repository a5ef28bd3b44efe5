-- segue: down teams.id = id::integer
-- segue: down players.captain_of = captain_of::integer
ALTER TABLE teams ALTER COLUMN id TYPE bigint;
ALTER TABLE players ADD CONSTRAINT player_team FOREIGN KEY (team) REFERENCES teams ON DELETE CASCADE;
ALTER TABLE players ALTER COLUMN captain_of TYPE bigint;
ALTER TABLE players ADD FOREIGN KEY (captain_of) REFERENCES teams (id) DEFERRABLE;
ALTER TABLE teams RENAME TO squads;
