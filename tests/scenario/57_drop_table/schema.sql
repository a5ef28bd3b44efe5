CREATE TABLE kept (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE obsolete (
    id bigserial PRIMARY KEY,
    kept_id bigint REFERENCES kept,
    note text
);
COMMENT ON TABLE obsolete IS 'nobody reads this';
GRANT SELECT ON obsolete TO app_reader;
INSERT INTO kept SELECT i, 'name ' || i FROM generate_series(1, 300) i;
INSERT INTO obsolete (kept_id, note) SELECT i, 'note ' || i FROM generate_series(1, 300) i;
CREATE INDEX obsolete_note ON obsolete (note);
