CREATE TABLE nodes (
    id bigint PRIMARY KEY,
    parent bigint,
    label text NOT NULL
);
CREATE RECURSIVE VIEW paths (id, path) AS
    SELECT id, label FROM nodes WHERE parent IS NULL
    UNION ALL SELECT n.id, p.path || '/' || n.label FROM nodes n JOIN paths p ON p.id = n.parent;
INSERT INTO nodes SELECT i, NULLIF(i / 3, 0), 'n' || i FROM generate_series(1, 300) i;
