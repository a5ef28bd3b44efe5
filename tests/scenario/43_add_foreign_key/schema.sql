CREATE TABLE authors (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE books (
    id bigint PRIMARY KEY,
    author_id integer,
    editor_id integer,
    title text NOT NULL
);
INSERT INTO authors SELECT i, 'author ' || i FROM generate_series(1, 200) i;
INSERT INTO books SELECT i, 1 + i % 200, nullif(i % 200, 0), 'title ' || i FROM generate_series(1, 900) i;
