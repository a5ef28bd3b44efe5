ALTER TABLE players RENAME COLUMN team TO team_id;
ALTER TABLE players RENAME COLUMN points TO score;
