CREATE TABLE articles (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    published_at timestamptz
);
INSERT INTO articles SELECT i, 'title ' || i, timestamptz '2024-01-01' + i * interval '1 hour'
FROM generate_series(1, 900) i;
