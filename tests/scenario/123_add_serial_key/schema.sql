-- No key: rows are walked by their place, and numbered.
CREATE TABLE log (
    line text NOT NULL,
    level smallint DEFAULT 3
);
GRANT SELECT, INSERT, UPDATE ON log TO app_writer;
INSERT INTO log SELECT 'line ' || i FROM generate_series(1, 2000) i;
