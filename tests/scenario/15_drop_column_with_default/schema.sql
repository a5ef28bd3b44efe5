CREATE TABLE jobs (
    id bigint PRIMARY KEY,
    payload jsonb NOT NULL,
    retries integer NOT NULL DEFAULT 0,
    queued_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO jobs SELECT i, jsonb_build_object('n', i), i % 5, timestamptz '2025-01-01' + i * interval '1 minute'
FROM generate_series(1, 500) i;
