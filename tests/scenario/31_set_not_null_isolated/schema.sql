CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text,
    phone text
);
INSERT INTO users SELECT i, CASE WHEN i % 3 > 0 THEN 'u' || i || '@example.com' END, '+1' || i FROM generate_series(1, 1500) i;
