CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');
CREATE TABLE people (
    id bigint PRIMARY KEY,
    mood mood NOT NULL DEFAULT 'ok',
    moods mood[],
    since date,
    CHECK (mood <> 'sad' OR since IS NOT NULL)
);
CREATE INDEX people_sad ON people (since) WHERE mood = 'sad';
INSERT INTO people SELECT i, (ARRAY['sad', 'ok', 'glad'])[1 + i % 3]::mood, ARRAY['ok', 'sad']::mood[], date '2024-01-01' + i FROM generate_series(1, 700) i;
