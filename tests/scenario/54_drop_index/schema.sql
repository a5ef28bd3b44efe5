CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text,
    body text
);
CREATE INDEX notes_title ON notes (title);
CREATE INDEX notes_body ON notes (lower(body)) WHERE title IS NOT NULL;
CREATE UNIQUE INDEX notes_once ON notes (title, body);
COMMENT ON INDEX notes_title IS 'going away';
INSERT INTO notes SELECT i, 'title ' || i, 'body ' || i FROM generate_series(1, 500) i;
