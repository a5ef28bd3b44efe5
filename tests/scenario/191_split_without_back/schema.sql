CREATE TABLE articles (
    id integer PRIMARY KEY,
    title text NOT NULL,
    body text NOT NULL DEFAULT '',
    words integer
);
INSERT INTO articles SELECT g, 'Title ' || g, repeat('word ', g % 40), g % 40 FROM generate_series(1, 300) AS g;
