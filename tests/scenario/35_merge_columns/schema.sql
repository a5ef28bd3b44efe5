CREATE TABLE users (
    id bigint PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text NOT NULL
);
INSERT INTO users SELECT i, 'First' || i, 'Last' || i, 'u' || i || '@example.com' FROM generate_series(1, 3000) i;
