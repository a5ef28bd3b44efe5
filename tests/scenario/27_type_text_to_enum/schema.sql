CREATE TABLE tickets (
    id bigint PRIMARY KEY,
    state text NOT NULL DEFAULT 'open',
    title text
);
INSERT INTO tickets SELECT i, (ARRAY['open', 'closed', 'waiting'])[1 + i % 3], 'title ' || i FROM generate_series(1, 900) i;
