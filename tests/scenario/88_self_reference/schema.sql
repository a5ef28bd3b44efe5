CREATE TABLE staff (
    id integer PRIMARY KEY,
    name text NOT NULL,
    boss integer REFERENCES staff ON DELETE SET NULL,
    pay integer NOT NULL DEFAULT 100
);
INSERT INTO staff SELECT i, 'name ' || i, nullif(i / 10, 0), i FROM generate_series(1, 900) i;
CREATE INDEX staff_boss ON staff (boss);
