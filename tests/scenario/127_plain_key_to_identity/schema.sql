-- The application numbers its rows itself, until now.
CREATE TABLE rooms (
    id bigint PRIMARY KEY,
    name text
);
CREATE TABLE beds (
    id integer NOT NULL UNIQUE,
    room bigint NOT NULL REFERENCES rooms
);
GRANT SELECT, INSERT, UPDATE, DELETE ON rooms, beds TO app_writer;
INSERT INTO rooms SELECT i * 2, 'room ' || i FROM generate_series(1, 600) i;
INSERT INTO beds SELECT i, 2 * (1 + i % 600) FROM generate_series(1, 1300) i;
