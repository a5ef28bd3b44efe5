CREATE TABLE messages (
    id bigint PRIMARY KEY,
    body text NOT NULL
);
INSERT INTO messages SELECT i, 'body ' || i FROM generate_series(1, 400) i;
