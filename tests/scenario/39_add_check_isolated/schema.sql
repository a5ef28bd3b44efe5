CREATE TABLE coupons (
    id bigint PRIMARY KEY,
    percent integer NOT NULL
);
INSERT INTO coupons SELECT i, i % 140 FROM generate_series(1, 900) i;
