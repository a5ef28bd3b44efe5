CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text,
    phone text
);
INSERT INTO users SELECT i, 'u' || i || '@example.com', '+1' || i FROM generate_series(1, 800) i;
