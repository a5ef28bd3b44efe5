CREATE TABLE rates (currency text PRIMARY KEY, rate numeric NOT NULL);
INSERT INTO rates VALUES ('EUR', 1), ('USD', 1.1);
CREATE TABLE prices (
    id bigint PRIMARY KEY,
    currency text NOT NULL REFERENCES rates,
    price numeric(12, 2) NOT NULL
);
INSERT INTO prices SELECT i, CASE WHEN i % 2 = 0 THEN 'EUR' ELSE 'USD' END, i FROM generate_series(1, 800) i;
