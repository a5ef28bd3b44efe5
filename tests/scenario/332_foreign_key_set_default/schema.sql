CREATE TABLE teams (id integer PRIMARY KEY, name text);
CREATE TABLE members (
    id bigint PRIMARY KEY,
    -- without a default the column becomes NULL, in whichever shape it happens first
    first_team integer REFERENCES teams ON DELETE SET DEFAULT,
    home integer DEFAULT 1 REFERENCES teams ON DELETE SET DEFAULT ON UPDATE SET DEFAULT,
    name text
);
INSERT INTO teams SELECT i, 't' || i FROM generate_series(1, 30) AS i;
INSERT INTO members SELECT i, 1 + i % 30, 1 + i % 7, 'm' || i FROM generate_series(1, 400) AS i;
ANALYZE;
