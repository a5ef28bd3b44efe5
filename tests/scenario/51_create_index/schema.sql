CREATE TABLE logs (
    id bigint PRIMARY KEY,
    level text NOT NULL,
    at timestamptz NOT NULL,
    message text
);
INSERT INTO logs SELECT i, (ARRAY['info', 'warn', 'error'])[1 + i % 3], timestamptz '2025-01-01' + i * interval '1 second', 'message ' || i
FROM generate_series(1, 2000) i;
