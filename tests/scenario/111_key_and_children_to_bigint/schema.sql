-- The children change with the key; the sequence as well.
CREATE TABLE authors (
    id serial,
    name text NOT NULL,
    CONSTRAINT author_key PRIMARY KEY (id) WITH (fillfactor = 80)
);
CREATE TABLE books (
    id serial PRIMARY KEY,
    author_id integer NOT NULL,
    title text NOT NULL,
    CONSTRAINT written_by FOREIGN KEY (author_id) REFERENCES authors ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX books_by_author ON books (author_id, title);
CREATE TABLE loans (
    book_id integer NOT NULL REFERENCES books,
    day date NOT NULL,
    PRIMARY KEY (book_id, day)
);
CLUSTER books USING books_by_author;
ALTER TABLE authors CLUSTER ON author_key;
ALTER TABLE books REPLICA IDENTITY USING INDEX books_pkey;
INSERT INTO authors (name) SELECT 'author ' || i FROM generate_series(1, 300) i;
INSERT INTO books (author_id, title) SELECT 1 + i % 300, 'title ' || i FROM generate_series(1, 1500) i;
INSERT INTO loans SELECT 1 + i % 1500, date '2024-01-01' + i / 1500 FROM generate_series(1, 3000) i;
