CREATE TABLE readings (
    id bigint PRIMARY KEY,
    code character varying,
    level integer DEFAULT 99
);
INSERT INTO readings SELECT i, 'c' || i, i FROM generate_series(1, 50) i;
CREATE TABLE notes (id bigint PRIMARY KEY, body text);
INSERT INTO notes SELECT i, 'n' || i FROM generate_series(1, 20) i;
CREATE VIEW seen AS SELECT id, code, level FROM readings;
CREATE MATERIALIZED VIEW kept AS SELECT code, level FROM readings;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE INSERT ON readings FOR EACH ROW EXECUTE FUNCTION touch();
