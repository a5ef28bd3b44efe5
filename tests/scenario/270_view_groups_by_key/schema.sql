CREATE TABLE users (
    id bigint PRIMARY KEY,
    nick text NOT NULL
);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    amount integer NOT NULL
);
INSERT INTO users SELECT i, 'nick ' || i FROM generate_series(1, 300) i;
INSERT INTO orders SELECT i, 1 + i % 300, i % 90 FROM generate_series(1, 900) i;
