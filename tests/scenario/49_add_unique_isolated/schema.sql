CREATE TABLE handles (
    id bigint PRIMARY KEY,
    handle text NOT NULL
);
INSERT INTO handles SELECT i, 'h' || i % 100 FROM generate_series(1, 500) i;
