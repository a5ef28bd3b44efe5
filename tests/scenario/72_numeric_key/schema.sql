CREATE TABLE ledger (
    entry numeric(30, 4) PRIMARY KEY,
    text text
);
INSERT INTO ledger SELECT i * 1000000000000.0001, 'text ' || i FROM generate_series(-500, 500) i;
