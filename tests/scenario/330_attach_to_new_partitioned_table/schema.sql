CREATE TABLE shops (id integer PRIMARY KEY);
CREATE TABLE sales (
    day date NOT NULL,
    n integer NOT NULL,
    shop integer NOT NULL REFERENCES shops (id),
    cents bigint,
    note text
);
CREATE INDEX sales_have ON sales (n);
CREATE TABLE old_sales (note text, cents bigint, n integer NOT NULL, day date NOT NULL, shop integer NOT NULL, PRIMARY KEY (day, n));
INSERT INTO shops SELECT i FROM generate_series(1, 20) AS i;
INSERT INTO sales SELECT date '2025-01-01' + i % 300, i, 1 + i % 20, i, 'a' FROM generate_series(1, 500) AS i;
INSERT INTO old_sales SELECT 'b', i, i, date '2024-01-01' + i % 300, 1 + i % 20 FROM generate_series(1, 400) AS i;
ANALYZE;
