CREATE TABLE payments (
    id bigint PRIMARY KEY,
    amount integer NOT NULL,
    memo text
);
INSERT INTO payments SELECT i, i * 7, 'memo ' || i FROM generate_series(1, 4000) i;
