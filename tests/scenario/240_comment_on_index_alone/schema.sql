CREATE TABLE letters (
    id bigint PRIMARY KEY,
    sender text NOT NULL,
    sent date
);
CREATE INDEX letters_sender ON letters (sender);
CREATE INDEX letters_sent ON letters (sent DESC);
COMMENT ON INDEX letters_sent IS 'newest first';
INSERT INTO letters SELECT i, 'sender ' || i % 20, date '2025-01-01' + i FROM generate_series(1, 300) i;
