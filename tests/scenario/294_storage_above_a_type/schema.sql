-- A change of the type takes back what was said of the storage above it; below it, it stays.
CREATE TABLE notes (
    id integer PRIMARY KEY,
    title text,
    body text NOT NULL,
    tail text
);
INSERT INTO notes SELECT i, 'title ' || i, repeat('body ', i % 40), 'tail' FROM generate_series(1, 300) AS i;
ANALYZE;
