CREATE TABLE events (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    payload text,
    at timestamptz NOT NULL DEFAULT '2025-01-01 00:00+00'
);
CREATE INDEX events_at ON events (at);
CREATE UNIQUE INDEX events_key ON events (id, kind);
CREATE TABLE small (id bigint PRIMARY KEY, n integer) WITH (fillfactor = 70);
CREATE UNLOGGED TABLE scratch (id bigint PRIMARY KEY);
INSERT INTO events SELECT i, 'k' || i % 4, repeat('x', 50) FROM generate_series(1, 500) i;
INSERT INTO small SELECT i, i FROM generate_series(1, 100) i;
ALTER TABLE small CLUSTER ON small_pkey;
