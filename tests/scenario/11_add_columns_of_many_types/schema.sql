CREATE TABLE things (
    id bigint PRIMARY KEY,
    name text
);
INSERT INTO things SELECT i, 'thing ' || i FROM generate_series(1, 300) i;
