CREATE TABLE people (
    id bigint PRIMARY KEY,
    fname text NOT NULL,
    age integer
);
INSERT INTO people SELECT i, 'name ' || i, i % 90 FROM generate_series(1, 500) i;
