CREATE TABLE lines (
    id bigint PRIMARY KEY,
    net numeric(10,2) NOT NULL,
    amount integer NOT NULL DEFAULT 1,
    name text
);
INSERT INTO lines SELECT i, i * 1.5, i % 7, 'name ' || i FROM generate_series(1, 60) i;
