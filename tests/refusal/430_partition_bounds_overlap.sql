CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE days_summer PARTITION OF days FOR VALUES FROM ('2026-06-01') TO ('2026-09-01');
-- line: 2
-- expect: partition "days_summer" would overlap partition "days_2026"
