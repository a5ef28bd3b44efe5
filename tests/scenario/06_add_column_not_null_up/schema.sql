CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    login text NOT NULL,
    score integer
);
INSERT INTO accounts SELECT i, 'User' || i, nullif(i % 10, 0) FROM generate_series(1, 2500) i;
