CREATE TABLE articles (
    id integer PRIMARY KEY,
    tags text NOT NULL DEFAULT '',
    authors text[] NOT NULL DEFAULT ARRAY['nobody'],
    note text
);
COMMENT ON COLUMN articles.authors IS 'who wrote it';
INSERT INTO articles SELECT i, 'a,b' || i, ARRAY['x' || i, 'y'], 'note ' || i FROM generate_series(1, 600) i;
