CREATE TABLE events (
    id bigint PRIMARY KEY,
    at timestamp NOT NULL DEFAULT '2025-01-01 00:00:00',
    kind text NOT NULL
);
INSERT INTO events SELECT i, timestamp '2025-01-01' + i * interval '7 minutes', 'k' || i % 7 FROM generate_series(1, 1000) i;
