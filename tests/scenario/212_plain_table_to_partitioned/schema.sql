CREATE TABLE events (
    id bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL DEFAULT 'seen',
    body jsonb,
    PRIMARY KEY (id, at),
    CONSTRAINT kind_known CHECK (kind <> '')
);
CREATE INDEX events_kind_idx ON events (kind, at);
INSERT INTO events SELECT i, timestamptz '2025-01-01' + i * interval '1 hour', 'k' || i % 5, '{"a": 1}' FROM generate_series(1, 700) AS i;
ANALYZE;
