-- No key at all; columns that may be NULL.
CREATE TABLE events (
    stream text,
    number integer,
    body text
);
CREATE INDEX events_body ON events (body);
INSERT INTO events SELECT 'stream ' || i % 10, i, 'body ' || i FROM generate_series(1, 2000) i;
CREATE TABLE tags (
    name text NOT NULL,
    weight integer DEFAULT 1
);
INSERT INTO tags SELECT 'tag ' || i FROM generate_series(1, 500) i;
