CREATE TABLE parents (
    id bigint PRIMARY KEY,
    code integer NOT NULL UNIQUE,
    name text NOT NULL
);
CREATE TABLE children (
    id bigint PRIMARY KEY,
    parent_id bigint NOT NULL REFERENCES parents ON DELETE CASCADE,
    parent_code integer REFERENCES parents (code)
);
INSERT INTO parents SELECT i, i * 2, 'name ' || i FROM generate_series(1, 500) i;
INSERT INTO children SELECT i, i, i * 2 FROM generate_series(1, 500) i;
CREATE VIEW parent_ids AS SELECT id FROM parents;
