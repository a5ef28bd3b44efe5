CREATE TABLE pages (
    id bigint PRIMARY KEY,
    path text NOT NULL,
    note text
);
INSERT INTO pages SELECT i, '/p/' || i, 'note ' || i FROM generate_series(1, 400) i;
