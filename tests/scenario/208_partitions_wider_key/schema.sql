-- The key of a partitioned table becomes a bigint, and so does what points to it.
CREATE TABLE orders (
    id integer NOT NULL,
    placed date NOT NULL,
    total integer NOT NULL DEFAULT 0,
    PRIMARY KEY (id, placed)
) PARTITION BY RANGE (placed);
CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY RANGE (placed);
CREATE TABLE orders_2026_a PARTITION OF orders_2026 FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
CREATE TABLE orders_2026_b PARTITION OF orders_2026 FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
CREATE TABLE orders_rest PARTITION OF orders DEFAULT;
ALTER TABLE orders REPLICA IDENTITY FULL;
CREATE INDEX ON orders (total);
INSERT INTO orders SELECT i, date '2025-06-01' + i, i % 90 FROM generate_series(1, 700) AS i;
ANALYZE;
