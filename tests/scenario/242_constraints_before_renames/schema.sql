CREATE TABLE staff (
    id bigint PRIMARY KEY,
    badge integer NOT NULL UNIQUE,
    boss integer,
    name text NOT NULL,
    room text
);
INSERT INTO staff SELECT i, i, 1 + i / 2, 'name ' || i, 'room ' || i % 9 FROM generate_series(1, 400) i;
