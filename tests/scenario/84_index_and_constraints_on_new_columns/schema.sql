CREATE TABLE persons (
    id bigint PRIMARY KEY,
    born date NOT NULL,
    code text NOT NULL
);
INSERT INTO persons SELECT i, date '1950-01-01' + i, 'c' || i FROM generate_series(1, 900) i;
