CREATE TABLE words (
    id bigint PRIMARY KEY,
    word text COLLATE "C" NOT NULL
);
INSERT INTO words SELECT i, 'word' || i FROM generate_series(1, 300) i;
