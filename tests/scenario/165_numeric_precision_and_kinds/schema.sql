CREATE TABLE amounts (
    id bigint PRIMARY KEY,
    net numeric(8,2) NOT NULL DEFAULT 1.50,
    tax numeric(6,3),
    rate real,
    factor double precision NOT NULL DEFAULT 1
);
CREATE INDEX amounts_net ON amounts (net, tax);
INSERT INTO amounts SELECT i, i * 1.25, i % 100 * 0.125, i * 0.5, i FROM generate_series(1, 700) i;
