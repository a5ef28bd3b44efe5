CREATE TABLE teams (
    id integer PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE players (
    id bigint PRIMARY KEY,
    team bigint,
    captain_of integer
);
INSERT INTO teams SELECT i, 'team ' || i FROM generate_series(1, 300) i;
INSERT INTO players SELECT i, 1 + i % 300, NULLIF(i % 300, 0) FROM generate_series(1, 1500) i;
