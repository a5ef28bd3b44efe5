ALTER TABLE days ATTACH PARTITION days_plain FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 1
-- expect: child table is missing constraint "positive"
