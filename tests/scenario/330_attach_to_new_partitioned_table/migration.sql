-- What the new table has, above the ATTACH and below it, its partitions get before they are attached.
CREATE TABLE all_sales (
    day date NOT NULL,
    n integer NOT NULL,
    shop integer NOT NULL REFERENCES shops (id),
    cents bigint CHECK (cents > 0),
    note text,
    PRIMARY KEY (day, n)
) PARTITION BY RANGE (day);
CREATE INDEX ON all_sales (n);
CREATE INDEX all_sales_shop ON all_sales (shop, day DESC) WHERE note IS NOT NULL;
ALTER TABLE sales ADD CONSTRAINT all_sales_cents_check CHECK (cents > 0);
ALTER TABLE old_sales ADD CONSTRAINT all_sales_cents_check CHECK (cents > 0);
ALTER TABLE all_sales ATTACH PARTITION sales FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE all_sales ADD UNIQUE (n, day);
ALTER TABLE all_sales ATTACH PARTITION old_sales FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
CREATE TABLE new_sales PARTITION OF all_sales FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
CREATE INDEX ON all_sales (lower(note));
