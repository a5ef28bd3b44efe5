CREATE TABLE folders (
    id serial PRIMARY KEY,
    parent_id integer REFERENCES folders (id) ON DELETE SET NULL,
    link integer CONSTRAINT linked REFERENCES folders ON UPDATE CASCADE,
    name text NOT NULL
);
INSERT INTO folders (parent_id, name) SELECT NULLIF(i / 4, 0), 'folder ' || i FROM generate_series(1, 800) i;
UPDATE folders SET link = 801 - id WHERE id % 3 = 0;
