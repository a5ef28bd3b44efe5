CREATE TABLE documents (
    id bigint PRIMARY KEY,
    body json NOT NULL
);
INSERT INTO documents SELECT i, json_build_object('n', i, 'words', ARRAY['a', 'b']) FROM generate_series(1, 500) i;
