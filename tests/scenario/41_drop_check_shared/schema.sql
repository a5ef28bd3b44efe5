CREATE TABLE loans (
    id bigint PRIMARY KEY,
    days integer CHECK (days < 30),
    fee numeric CONSTRAINT fee_small CHECK (fee < 1000)
);
INSERT INTO loans SELECT i, i % 30, i FROM generate_series(1, 500) i;
