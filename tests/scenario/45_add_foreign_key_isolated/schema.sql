CREATE TABLE owners (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE pets (
    id bigint PRIMARY KEY,
    owner_id integer,
    name text NOT NULL
);
INSERT INTO owners SELECT i, 'owner ' || i FROM generate_series(1, 200) i;
INSERT INTO pets SELECT i, i % 220, 'pet ' || i FROM generate_series(1, 900) i;
