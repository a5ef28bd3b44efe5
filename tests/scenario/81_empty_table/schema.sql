CREATE TABLE nothing (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    kind text
);
CREATE TABLE something (id bigint PRIMARY KEY, name text);
INSERT INTO something SELECT i, 'name ' || i FROM generate_series(1, 200) i;
