CREATE TABLE teams (id integer PRIMARY KEY, name text);
INSERT INTO teams SELECT i, 'team ' || i FROM generate_series(1, 200) i;
CREATE TABLE players (
    id bigint PRIMARY KEY,
    nick text NOT NULL DEFAULT 'anonymous',
    team integer CONSTRAINT plays_for REFERENCES teams ON UPDATE CASCADE,
    points integer NOT NULL DEFAULT 0 CHECK (points >= 0),
    UNIQUE (team, nick)
);
CREATE INDEX ON players (team, points DESC NULLS LAST);
CREATE INDEX players_upper ON players (upper(nick)) WHERE points > 100;
COMMENT ON COLUMN players.points IS 'since the season began';
GRANT SELECT (nick, points) ON players TO app_reader;
ALTER TABLE players ALTER COLUMN points SET STATISTICS 250;
INSERT INTO players SELECT i, 'nick' || i, 1 + i % 200, i FROM generate_series(1, 900) i;
