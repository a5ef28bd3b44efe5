CREATE TABLE groups (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE memberships (
    id bigint PRIMARY KEY,
    group_id integer NOT NULL REFERENCES groups,
    note text
);
INSERT INTO groups SELECT i, 'group ' || i FROM generate_series(1, 200) i;
INSERT INTO memberships SELECT i, 1 + i % 200, 'note ' || i FROM generate_series(1, 700) i;
