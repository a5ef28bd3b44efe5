CREATE TABLE memberships (
    id bigint PRIMARY KEY,
    person integer NOT NULL,
    club integer NOT NULL,
    since date,
    CONSTRAINT one_membership UNIQUE (person, club)
);
INSERT INTO memberships SELECT i, i % 100, i / 100, date '2020-01-01' + i FROM generate_series(1, 1000) i;
