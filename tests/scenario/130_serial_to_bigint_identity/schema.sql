CREATE TABLE devices (
    id serial PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE alarms (
    id bigint PRIMARY KEY,
    device integer REFERENCES devices ON DELETE SET NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON devices, alarms TO app_writer;
GRANT USAGE ON SEQUENCE devices_id_seq TO app_writer;
INSERT INTO devices (name) SELECT 'device ' || i FROM generate_series(1, 400) i;
INSERT INTO alarms SELECT i, NULLIF(i % 400, 0) FROM generate_series(1, 1500) i;
