CREATE TABLE shops (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE sales (
    id bigint NOT NULL,
    day date NOT NULL,
    shop integer NOT NULL,
    amount integer NOT NULL,
    PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE sales_q1 PARTITION OF sales FOR VALUES FROM ('2026-01-01') TO ('2026-04-01');
CREATE TABLE sales_q2 PARTITION OF sales FOR VALUES FROM ('2026-04-01') TO ('2026-07-01') PARTITION BY HASH (id);
CREATE TABLE sales_q2_one PARTITION OF sales_q2 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE sales_q2_more PARTITION OF sales_q2 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE sales_rest PARTITION OF sales DEFAULT;
CREATE TABLE receipts (id integer PRIMARY KEY, sale bigint, sale_day date, text text);
INSERT INTO shops SELECT i, 'shop ' || i FROM generate_series(1, 20) AS i;
INSERT INTO sales SELECT i, date '2025-12-20' + i % 200, 1 + i % 20, i FROM generate_series(1, 800) AS i;
INSERT INTO receipts SELECT i, i, date '2025-12-20' + i % 200, 'r' || i FROM generate_series(1, 300) AS i;
ANALYZE;
