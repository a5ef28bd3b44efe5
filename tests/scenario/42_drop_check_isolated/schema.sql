CREATE TABLE loans (
    id bigint PRIMARY KEY,
    days integer CHECK (days < 30)
);
INSERT INTO loans SELECT i, i % 30 FROM generate_series(1, 500) i;
