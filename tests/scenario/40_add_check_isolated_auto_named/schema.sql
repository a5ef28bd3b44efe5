CREATE TABLE coupons (
    id bigint PRIMARY KEY,
    percent integer NOT NULL CHECK (percent >= 0),
    code text
);
INSERT INTO coupons SELECT i, i % 140, 'c' || i FROM generate_series(1, 900) i;
