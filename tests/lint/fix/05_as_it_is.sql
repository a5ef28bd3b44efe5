-- Inside a transaction, of partitioned tables, and what a comment stands in: nothing is written but a timeout.
--: before
CREATE TABLE visits (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE visits_2020 PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX visits_at ON visits (at);
--: script unchanged
SET lock_timeout = '100ms';
BEGIN;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0);
ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;
CREATE INDEX orders_code ON orders (code);
COMMIT;
CREATE INDEX visits_id ON visits (id);
DROP INDEX visits_at;
ALTER TABLE visits ADD PRIMARY KEY (id, at);
ALTER TABLE orders ADD CONSTRAINT p1 CHECK (amount > 0), -- why this one
    ADD CONSTRAINT p2 CHECK (amount > -1);
-- segue: allow add-check because "it is over in a moment"
ALTER TABLE customers ADD CONSTRAINT p3 CHECK (id > 0);
ALTER TABLE orders ADD COLUMN code text CHECK (code <> ''), DROP COLUMN code;
