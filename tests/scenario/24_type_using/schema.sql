CREATE TABLE readings (
    id bigint PRIMARY KEY,
    value text NOT NULL,
    taken text
);
INSERT INTO readings SELECT i, (i * 2)::text, '2025-01-01' FROM generate_series(1, 1000) i;
