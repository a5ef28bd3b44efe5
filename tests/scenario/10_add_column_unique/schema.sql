CREATE TABLE members (
    id bigint PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO members SELECT i, 'Member ' || i FROM generate_series(1, 600) i;
