CREATE TABLE all_days (at date NOT NULL, n integer NOT NULL CHECK (n > 0)) PARTITION BY RANGE (at);
ALTER TABLE all_days ATTACH PARTITION days_plain FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 2
-- expect: child table is missing constraint "all_days_n_check"
